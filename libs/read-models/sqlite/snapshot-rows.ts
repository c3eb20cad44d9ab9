import type { EventId, StreamName } from '../../domain/shared/ids.js';
import type { Snapshot } from '../opened-stores.js';
import type { ReadModelFile } from './read-model-file.js';

const MAX_SNAPSHOTS = 20_000;
/** A state longer than this is quicker read from the log than kept here. */
const MAX_STATE_LENGTH = 1024 * 1024;

interface Kept {
  readonly stream: StreamName;
  readonly foldVersion: number;
  readonly snapshot: Snapshot;
}

/**
 * Snapshots in the read models' file: the latest of a stream and fold, the longest unchanged
 * forgotten first.
 */
export class SnapshotRows {
  constructor(
    private readonly file: ReadModelFile,
    private readonly maxSnapshots = MAX_SNAPSHOTS,
  ) {}

  get(stream: StreamName, foldVersion: number): Snapshot | undefined {
    const row = this.file.get(
      'SELECT revision, event_id, state FROM snapshots WHERE stream = ? AND fold_version = ?',
      stream,
      foldVersion,
    );
    // Written by putAll below.
    return (
      row && {
        revision: Number(row['revision']),
        eventId: row['event_id'] as EventId,
        state: String(row['state']),
      }
    );
  }

  putAll(kept: readonly Kept[]): void {
    this.file.transaction('IMMEDIATE', () => {
      for (const one of kept) this.put(one);
      // Ids rise with every write, so the greatest are the newest.
      this.file.run(
        'DELETE FROM snapshots WHERE id <= (SELECT id FROM snapshots ORDER BY id DESC LIMIT 1 OFFSET ?)',
        this.maxSnapshots,
      );
    });
  }

  private put({ stream, foldVersion, snapshot: { revision, eventId, state } }: Kept): void {
    if (state.length > MAX_STATE_LENGTH) return;
    this.file.run(
      'INSERT OR REPLACE INTO snapshots (stream, fold_version, revision, event_id, state) VALUES (?, ?, ?, ?, ?)',
      stream,
      foldVersion,
      revision,
      eventId,
      state,
    );
  }
}
