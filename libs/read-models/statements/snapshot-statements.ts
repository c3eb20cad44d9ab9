import { eventId } from '../../domain/shared/ids.js';
import { statement } from '../../platform/sql/statement.js';
import type { Snapshot, StreamSnapshot } from '../opened-stores.js';
import type { StatementBuilder, StoredTables } from './stored-tables.js';

export type SnapshotColumns = Omit<StoredTables['snapshots'], 'id'>;
export const SNAPSHOT_COLUMNS = [
  'stream',
  'fold_version',
  'revision',
  'event_id',
  'state',
] as const satisfies readonly (keyof SnapshotColumns)[];

export const selectSnapshot = ({ db }: Pick<StatementBuilder, 'db'>) =>
  statement<Pick<SnapshotColumns, 'stream' | 'fold_version'>>((parameter) =>
    db
      .selectFrom('snapshots')
      .select(['revision', 'event_id', 'state'])
      .where('stream', '=', parameter.stream)
      .where('fold_version', '=', parameter.fold_version),
  );

/** Statements that delete all but the newest rows begin here: ids rise with every write. */
export const oldestSnapshots = ({ db }: Pick<StatementBuilder, 'db'>, kept: number) =>
  db
    .selectFrom('snapshots')
    .select('id')
    .where('id', '<=', (query) =>
      query.selectFrom('snapshots').select('id').orderBy('id', 'desc').limit(1).offset(kept),
    );

export const storedSnapshot = ({
  stream,
  foldVersion,
  snapshot: { revision, eventId: event, state },
}: StreamSnapshot): SnapshotColumns => ({
  stream,
  fold_version: foldVersion,
  revision,
  event_id: event,
  state,
});

export const snapshotOf = (
  row: Readonly<Record<string, unknown>> | undefined,
): Snapshot | undefined =>
  row && {
    revision: Number(row['revision']),
    eventId: eventId(String(row['event_id'])),
    state: String(row['state']),
  };
