import { type EventRef, eventRef, type Recorded } from '../shared/event.js';
import type { ImportId } from '../shared/ids.js';

/** The part of a publication's event that is the same for every kind of list. */
export interface Publication {
  readonly importId: ImportId;
  readonly rows: number;
  readonly digest: string;
  /**
   * The number of trial rows, and the columns that were not read. Absent in events of early
   * releases, whose digests depend on the order of the rows.
   */
  readonly skipped?: number;
  readonly columnsNotRead?: readonly string[];
}

/** The import that is published as a list now. */
export interface PublishedImport {
  readonly importId: ImportId;
  readonly rows: number;
  readonly digest: string;
  /** True if the digest is independent of the order of the rows; absent if it depends on it. */
  readonly isDigestUnordered?: true;
  readonly proof: EventRef;
}

export function publishedImport(event: Recorded<string, Publication>): PublishedImport {
  const { importId, rows, digest, skipped } = event.data;
  const unordered = skipped === undefined ? {} : ({ isDigestUnordered: true } as const);
  return { importId, rows, digest, ...unordered, proof: eventRef(event) };
}
