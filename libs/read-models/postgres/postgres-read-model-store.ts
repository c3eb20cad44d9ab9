import { sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import { isDataFault, isMissingTable } from '../../platform/postgres/errors.js';
import type { Postgres } from '../../platform/postgres/postgres.js';
import { execute, quoted, type Session } from '../../platform/postgres/session.js';
import type { TransactionKind } from '../../platform/postgres/transaction.js';
import { postgresBuilder } from '../../platform/sql/builders.js';
import { type Statement, statement } from '../../platform/sql/statement.js';
import { ReadModelsUnavailable, type UnfitRow } from '../errors.js';
import type { Projection, Row } from '../projection.js';
import type { RebuildStatus } from '../projection-status.js';
import {
  type CompareFrom,
  type Comparison,
  type Lease,
  type QueryOf,
  ReadModelStore,
  type ProjectionBuild,
  type BuildBatch,
  type Selected,
} from '../store.js';
import { REQUESTED } from '../statements/build-statements.js';
import { compareBuilds } from './compare-builds.js';
import { withReadModelErrors, postgresDialect } from './dialect.js';
import { LeaseRow } from './lease-row.js';
import { RebuildRows } from './rebuild-rows.js';
import { MAX_TABLES } from './row-statements.js';
import { type PreparedBatch, prepareBatch, RowWriter } from './row-writer.js';
import { BuildRows } from './build-rows.js';
import { createIndexes, createTables, dropTables, tableName } from './build-tables.js';
import { migrateReadModels, READ_MODELS_SCHEMA } from './schema.js';

export interface StoreOptions {
  readonly schema?: string;
  /** Replaces the server's clock in tests. */
  readonly nowMs?: () => number;
}

/**
 * Tables may be replaced while they are read. After this many attempts the reader gets an error.
 */
const MAX_SELECTS = 5;

/**
 * Read models in a schema of a PostgreSQL database. Every write locks the lease's row until it
 * commits.
 */
export class PostgresReadModelStore extends ReadModelStore {
  private readonly name: string;
  /** As SQL text. */
  private readonly schema: string;
  private readonly lease: LeaseRow;
  private readonly rows: BuildRows;
  private readonly rebuilds: RebuildRows;
  private readonly writer: RowWriter;
  private readonly loads = new LRUCache<string, Statement<Keys>>({ max: MAX_TABLES });
  private closed = false;

  constructor(
    private readonly postgres: Postgres,
    { schema = READ_MODELS_SCHEMA, nowMs }: StoreOptions = {},
  ) {
    super();
    this.name = schema;
    this.schema = quoted(schema);
    this.lease = new LeaseRow(postgres, schema, nowMs);
    this.rows = new BuildRows(schema);
    this.rebuilds = new RebuildRows(schema);
    this.writer = new RowWriter(schema);
  }

  /**
   * Migrates the schema to this release's version first. Closing the store leaves the caller's
   * connections open.
   */
  static async open(
    postgres: Postgres,
    options: StoreOptions = {},
  ): Promise<PostgresReadModelStore> {
    await migrateReadModels(postgres, options.schema ?? READ_MODELS_SCHEMA);
    return new PostgresReadModelStore(postgres, options);
  }

  override acquireLease(holder: string, ttlMs: number): Promise<Lease | undefined> {
    return this.answer(() => this.lease.acquire(holder, ttlMs));
  }
  override renewLease(lease: Lease, ttlMs: number): Promise<void> {
    return this.answer(() => this.lease.renew(lease, ttlMs));
  }
  override releaseLease(lease: Lease): Promise<void> {
    return this.answer(() => this.lease.release(lease));
  }

  override builds(): Promise<readonly ProjectionBuild[]> {
    return this.answer(() => this.rows.all(this.postgres));
  }

  override createBuild(
    lease: Lease,
    projection: Projection,
    role: ProjectionBuild['role'],
  ): Promise<ProjectionBuild> {
    return this.fenced(lease, async (session) => {
      const build = await this.rows.insert(session, projection, role);
      await createTables(session, this.schema, build, projection);
      return build;
    });
  }

  override discardBuild(lease: Lease, build: ProjectionBuild): Promise<void> {
    return this.fenced(lease, (session) => this.forget(session, build), { long: true });
  }

  override clearPoison(lease: Lease, build: ProjectionBuild): Promise<void> {
    return this.fenced(lease, (session) => this.rows.clearPoison(session, build));
  }

  override markFilled(lease: Lease, build: ProjectionBuild, projection: Projection): Promise<void> {
    const work = async (session: Session): Promise<void> => {
      await createIndexes(session, this.schema, build, projection);
      await this.rows.markFilled(session, build);
    };
    return this.fenced(lease, work, { long: true });
  }

  override promote(lease: Lease, candidate: ProjectionBuild): Promise<void> {
    const work = async (session: Session): Promise<void> => {
      const live = await this.rows.live(session, candidate.projection);
      if (live) await this.forget(session, live);
      await this.rows.makeLive(session, candidate);
    };
    return this.fenced(lease, work, { long: true });
  }

  override load(
    build: ProjectionBuild,
    table: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, Row>> {
    const load = this.loadStatement(tableName(build, table));
    return this.answer(async () => {
      // PostgreSQL's texts cannot contain U+0000, and no string of the log does, so no row has such
      // a key.
      const values = { keys: keys.filter((key) => !key.includes('\0')) };
      const rows = await execute(this.postgres, load, values);
      // Rows are written by `commit` as JSON objects.
      return new Map(rows.map(({ key, row }) => [String(key), JSON.parse(String(row)) as Row]));
    });
  }

  override async commit(lease: Lease, batches: readonly BuildBatch[]): Promise<void> {
    const prepared = batches.map(prepareBatch);
    let writing: PreparedBatch | undefined;
    const work = async (session: Session): Promise<void> => {
      for (const batch of prepared) {
        writing = batch;
        await this.writer.write(session, batch);
        writing = undefined;
        await this.rows.advance(session, batch.build, batch.checkpoint, batch.poison);
      }
    };
    try {
      await this.fenced(lease, work);
    } catch (error) {
      throw isDataFault(error) && writing
        ? ((await this.unfitRow(lease, writing)) ?? error)
        : error;
    }
  }

  override compare(
    before: ProjectionBuild,
    after: ProjectionBuild,
    projection: Projection,
    from: CompareFrom,
  ): Promise<Comparison> {
    return this.answer(() =>
      compareBuilds(this.postgres, this.name, [before, after], projection, from),
    );
  }

  override requestRebuild(projection: string): Promise<void> {
    return this.answer(() => this.rebuilds.put(this.postgres, projection, true, REQUESTED));
  }
  override rebuildRequests(): Promise<readonly string[]> {
    return this.answer(() => this.rebuilds.requested(this.postgres));
  }
  override noteRebuild(lease: Lease, projection: string, status: RebuildStatus): Promise<void> {
    return this.fenced(lease, (session) => this.rebuilds.put(session, projection, false, status));
  }
  override rebuildStatus(projection: string): Promise<RebuildStatus | undefined> {
    return this.answer(() => this.rebuilds.status(this.postgres, projection));
  }

  override async select(projection: string, query: QueryOf): Promise<Selected> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.answer(() =>
          this.postgres.transaction(
            (session) => this.selected(session, projection, query),
            ONE_STATE,
          ),
        );
      } catch (error) {
        // The build was replaced between reading its row and its tables. The next attempt finds the
        // new one.
        if (!isMissingTable(error) || attempt === MAX_SELECTS) throw error;
      }
    }
  }

  override async close(): Promise<void> {
    this.closed = true;
  }

  /** Compiled once per table. */
  private loadStatement(table: string): Statement<Keys> {
    let load = this.loads.get(table);
    if (!load) this.loads.set(table, (load = selectRows(this.name, table)));
    return load;
  }

  private async selected(session: Session, projection: string, query: QueryOf): Promise<Selected> {
    const build = await this.rows.live(session, projection);
    const compiled =
      build &&
      query((table, link) => `${this.name}.${tableName(build, table, link)}`, postgresDialect);
    const rows = compiled ? await session.query(compiled.sql, compiled.parameters.map(bound)) : [];
    return { build, rows: rows.map(withNumbers) };
  }

  private async forget(session: Session, build: ProjectionBuild): Promise<void> {
    await this.rows.delete(session, build);
    await dropTables(session, this.schema, build);
  }

  /** Writes the batch again to find the row, and rolls everything back. */
  private async unfitRow(lease: Lease, batch: PreparedBatch): Promise<UnfitRow | undefined> {
    let found: UnfitRow | undefined;
    const work = async (session: Session): Promise<never> => {
      found = await this.writer.findUnfitRow(session, batch);
      throw new RolledBack('the search for an unfit row is rolled back');
    };
    await this.fenced(lease, work).catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
    return found;
  }

  private fenced<T>(
    lease: Lease,
    work: (session: Session) => Promise<T>,
    kind?: TransactionKind,
  ): Promise<T> {
    return this.answer(() => this.lease.fenced(lease, work, kind));
  }

  private async answer<T>(work: () => Promise<T>): Promise<T> {
    if (this.closed) throw new ReadModelsUnavailable('the read models are closed');
    return withReadModelErrors(work);
  }
}

interface Keys {
  readonly keys: readonly string[];
}

const selectRows = (schema: string, table: string): Statement<Keys> =>
  statement<Keys>((parameter) =>
    postgresBuilder<Record<string, { readonly key: string; readonly row: string }>>(schema)
      .selectFrom(table)
      .select(['key', 'row'])
      .where('key', '=', sql<string>`ANY(${parameter.keys}::text[])`),
  );

class RolledBack extends Error {}

const ONE_STATE: TransactionKind = { isolation: 'REPEATABLE READ', readOnly: true };

/**
 * No row has U+0000, so a query for it must find nothing. U+FFFF, which no text of the log has
 * either, gives the same result.
 */
const bound = (value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '\uffff') : value;

/** Lists have only positions and counts as `int8`; both are exact as numbers. */
const withNumbers = (row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? Number(value) : value,
    ]),
  );
