import type { StreamName } from '../../domain/shared/ids.js';
import { columnValues, statement } from '../../platform/sql/statement.js';
import type { Snapshot, StreamSnapshot } from '../opened-stores.js';
import {
  oldestSnapshots,
  selectSnapshot,
  SNAPSHOT_COLUMNS,
  type SnapshotColumns,
  snapshotOf,
  storedSnapshot,
} from '../statements/snapshot-statements.js';
import { sqliteStatements } from './dialect.js';
import type { ReadModelFile } from './read-model-file.js';

const MAX_SNAPSHOTS = 20_000;
/** Reading a longer state from the log is quicker. */
const MAX_STATE_LENGTH = 1024 * 1024;

const { db } = sqliteStatements;
const statements = {
  get: selectSnapshot(sqliteStatements),
  /** Gives the row a new id. */
  replace: statement<SnapshotColumns>((parameter) =>
    db.replaceInto('snapshots').values(columnValues(parameter, SNAPSHOT_COLUMNS)),
  ),
  deleteOldest: statement<{ readonly kept: number }>((parameter) =>
    db.deleteFrom('snapshots').where('id', 'in', oldestSnapshots(sqliteStatements, parameter.kept)),
  ),
};

/**
 * The newest snapshot of each stream and fold. The store deletes those that were written longest
 * ago.
 */
export class SnapshotRows {
  constructor(
    private readonly file: ReadModelFile,
    private readonly maxSnapshots = MAX_SNAPSHOTS,
  ) {}

  get(stream: StreamName, foldVersion: number): Snapshot | undefined {
    return snapshotOf(this.file.row(statements.get, { stream, fold_version: foldVersion }));
  }

  putAll(snapshots: readonly StreamSnapshot[]): void {
    this.file.transaction('IMMEDIATE', () => {
      for (const one of snapshots)
        if (one.snapshot.state.length <= MAX_STATE_LENGTH)
          this.file.execute(statements.replace, storedSnapshot(one));
      this.file.execute(statements.deleteOldest, { kept: this.maxSnapshots });
    });
  }
}
