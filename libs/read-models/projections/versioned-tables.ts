import type { Recorded } from '../../domain/shared/event.js';
import type { LoggedEvent } from '../../event-log/event-log.js';
import {
  type RowUpdate,
  type Row,
  type RowName,
  type Shape,
  table,
  type Table,
} from '../projection.js';
import { advance, type CurrentRow, type ReplacedRow, type Versioning } from './versions.js';

export interface VersionedTables {
  readonly tables: readonly Table[];
  /** One entry for each type of event: its effect on the versions of the stream's subject. */
  readonly steps: readonly (readonly [type: string, step: VersionStep])[];
}
/** Looks up the newest version, which determines all changes of the event. */
export type VersionStep = (event: LoggedEvent) => {
  readonly rows: readonly RowName[];
  readonly then: (rows: readonly (Row | undefined)[]) => readonly RowUpdate[];
};

/** The table of pieces that newer versions have replaced. */
export const replacedName = (name: string): string => `${name}_replaced`;

/**
 * Two tables for the versions of one kind of subject, named after its streams: `partner` for
 * `partner-…`. Each event makes one version, even inside a batch.
 */
export function versionedTables<State, E extends Recorded>(
  name: string,
  kind: string,
  types: readonly E['type'][],
  versioning: Versioning<State, E>,
  { columns = {}, indexes = [] }: Partial<Pick<Shape<CurrentRow>, 'columns' | 'indexes'>> = {},
): VersionedTables {
  const current = table<CurrentRow>(name, {
    columns: { position: { type: 'integer', of: (row) => row.position }, ...columns },
    indexes: [['position'], ...indexes],
  });
  const replaced = table<ReplacedRow>(replacedName(name), {
    columns: {
      subject: { type: 'text', of: (row) => row.subject },
      until: { type: 'integer', of: (row) => row.until },
    },
    indexes: [['subject', 'until']],
  });

  const step: VersionStep = (event) => {
    const subject = event.stream.slice(kind.length + 1);
    return {
      rows: [{ table: current.name, key: subject }],
      then: ([row]) => {
        // Only `put` below writes rows of this table. The catalogue has checked that an event of a
        // type carries that type's data.
        const before = row as CurrentRow | undefined;
        const next = advance(versioning, subject, before, event as unknown as E & LoggedEvent);
        if (next.current === undefined || next.current === before) return [];
        const newest = current.put(subject, next.current);
        return next.replaced
          ? [newest, replaced.put(`${subject}@${event.position}`, next.replaced)]
          : [newest];
      },
    };
  };
  return { tables: [current, replaced], steps: types.map((type) => [type, step]) };
}
