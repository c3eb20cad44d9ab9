import { execute } from '../../platform/postgres/session.js';
import { sql } from 'kysely';
import type { StreamName } from '../../domain/shared/ids.js';
import type { Postgres } from '../../platform/postgres/postgres.js';
import { type Statement, statement } from '../../platform/sql/statement.js';
import type { Snapshot, StreamSnapshot } from '../opened-stores.js';
import {
  oldestSnapshots,
  selectSnapshot,
  SNAPSHOT_COLUMNS,
  type SnapshotColumns,
  snapshotOf,
  storedSnapshot,
} from '../statements/snapshot-statements.js';
import { postgresStatements, rowsOfLists } from './dialect.js';
import { READ_MODELS_SCHEMA } from './schema.js';

const MAX_SNAPSHOTS = 20_000;
const FORGET_EVERY_WRITES = 64;

/**
 * The newest snapshot of each stream and fold. The store deletes those that were written longest
 * ago.
 */
export class SnapshotRows {
  private readonly statements: ReturnType<typeof snapshotStatements>;
  private writes = 0;

  constructor(
    private readonly postgres: Postgres,
    schema = READ_MODELS_SCHEMA,
    private readonly bounds = {
      maxSnapshots: MAX_SNAPSHOTS,
      forgetEveryWrites: FORGET_EVERY_WRITES,
    },
  ) {
    this.statements = snapshotStatements(schema);
  }

  async get(stream: StreamName, foldVersion: number): Promise<Snapshot | undefined> {
    const values = { stream, fold_version: foldVersion };
    const [row] = await execute(this.postgres, this.statements.get, values);
    return snapshotOf(row);
  }

  /** Expects at most one snapshot of each stream and fold. */
  async putAll(snapshots: readonly StreamSnapshot[]): Promise<void> {
    // In a fixed order, so that two processes that write the same streams cannot deadlock.
    const ordered = [...snapshots].sort((a, b) =>
      a.stream < b.stream || (a.stream === b.stream && a.foldVersion < b.foldVersion) ? -1 : 1,
    );
    await execute(this.postgres, this.statements.put, listsOf(ordered.map(storedSnapshot)));
    if (this.writes % this.bounds.forgetEveryWrites === 0)
      await execute(this.postgres, this.statements.deleteOldest, {
        maxSnapshots: this.bounds.maxSnapshots,
      });
    this.writes += 1;
  }
}

type Lists = { readonly [Column in keyof SnapshotColumns]: readonly SnapshotColumns[Column][] };

const listsOf = (rows: readonly SnapshotColumns[]): Lists => ({
  stream: rows.map(({ stream }) => stream),
  fold_version: rows.map(({ fold_version: version }) => version),
  revision: rows.map(({ revision }) => revision),
  event_id: rows.map(({ event_id: id }) => id),
  state: rows.map(({ state }) => state),
});

function snapshotStatements(schema: string) {
  const builder = postgresStatements(schema);
  const { db } = builder;
  const put: Statement<Lists> = statement((parameter) =>
    db
      .insertInto('snapshots')
      .columns(SNAPSHOT_COLUMNS)
      .expression(
        rowsOfLists([
          [parameter.stream, 'text'],
          [parameter.fold_version, 'int4'],
          [parameter.revision, 'int8'],
          [parameter.event_id, 'text'],
          [parameter.state, 'text'],
        ]),
      )
      .onConflict((conflict) =>
        conflict.columns(['stream', 'fold_version']).doUpdateSet(({ ref }) => ({
          id: sql<number>`DEFAULT`,
          revision: ref('excluded.revision'),
          event_id: ref('excluded.event_id'),
          state: ref('excluded.state'),
        })),
      ),
  );
  /** Skips rows that another process is writing. */
  const deleteOldest = statement<{ readonly maxSnapshots: number }>((parameter) =>
    db
      .deleteFrom('snapshots')
      .where('id', 'in', oldestSnapshots(builder, parameter.maxSnapshots).forUpdate().skipLocked()),
  );
  return { get: selectSnapshot(builder), put, deleteOldest };
}
