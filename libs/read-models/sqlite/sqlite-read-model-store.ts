import type { SQLInputValue } from 'node:sqlite';
import { sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import { sqliteBuilder } from '../../platform/sql/builders.js';
import { type Statement, statement } from '../../platform/sql/statement.js';
import type { Projection, Row } from '../projection.js';
import { UnfitRow } from '../errors.js';
import type { RebuildStatus } from '../projection-status.js';
import {
  type CompareFrom,
  type Comparison,
  type Lease,
  type QueryOf,
  ReadModelStore,
  type RowChange,
  type ProjectionBuild,
  type BuildBatch,
  type Selected,
} from '../store.js';
import { rebuildStatements, REQUESTED } from '../statements/build-statements.js';
import { compareBuilds } from './compare-builds.js';
import { sqliteDialect, sqliteStatements } from './dialect.js';
import { LeaseRow } from './lease-row.js';
import { isFileFault, ReadModelFile } from './read-model-file.js';
import { RowWriter } from './row-writer.js';
import { BuildRows } from './build-rows.js';
import { createIndexes, createTables, dropTables, tableName } from './build-tables.js';

const rebuilds = rebuildStatements(sqliteStatements);
const builder = sqliteBuilder<Record<string, { readonly key: string; readonly row: string }>>();
const loadStatement = (table: string) =>
  statement<{ readonly keys: string }>((parameter) =>
    builder
      .selectFrom(table)
      .select(['key', 'row'])
      .where('key', 'in', sql<string>`(SELECT value FROM json_each(${parameter.keys}))`),
  );

/**
 * Read models in a separate SQLite file. Every method is one synchronous step or one
 * transaction.
 */
export class SqliteReadModelStore extends ReadModelStore {
  private readonly lease: LeaseRow;
  private readonly rows: BuildRows;
  private readonly writers = new Map<string, RowWriter>();
  private readonly loads = new LRUCache<string, ReturnType<typeof loadStatement>>({ max: 500 });

  constructor(
    readonly file: ReadModelFile,
    nowMs: () => number = Date.now,
  ) {
    super();
    this.lease = new LeaseRow(file, nowMs);
    this.rows = new BuildRows(file);
  }

  static open(path: string): SqliteReadModelStore {
    return new SqliteReadModelStore(new ReadModelFile(path));
  }

  override async acquireLease(holder: string, ttlMs: number): Promise<Lease | undefined> {
    return this.lease.acquire(holder, ttlMs);
  }
  override async renewLease(lease: Lease, ttlMs: number): Promise<void> {
    this.lease.renew(lease, ttlMs);
  }
  override async releaseLease(lease: Lease): Promise<void> {
    this.lease.release(lease);
  }

  override async builds(): Promise<readonly ProjectionBuild[]> {
    return this.rows.all();
  }

  override async createBuild(
    lease: Lease,
    projection: Projection,
    role: ProjectionBuild['role'],
  ): Promise<ProjectionBuild> {
    return this.lease.fenced(lease, () => {
      const build = this.rows.insert(projection, role);
      createTables(this.file, build, projection);
      return build;
    });
  }

  override async discardBuild(lease: Lease, build: ProjectionBuild): Promise<void> {
    this.forgetWriters(build);
    this.lease.fenced(lease, () => {
      this.forget(build);
    });
  }

  override async clearPoison(lease: Lease, build: ProjectionBuild): Promise<void> {
    this.lease.fenced(lease, () => {
      this.rows.clearPoison(build);
    });
  }

  override async markFilled(
    lease: Lease,
    build: ProjectionBuild,
    projection: Projection,
  ): Promise<void> {
    this.lease.fenced(lease, () => {
      createIndexes(this.file, build, projection);
      this.rows.markFilled(build);
    });
  }

  override async promote(lease: Lease, candidate: ProjectionBuild): Promise<void> {
    const live = this.rows.live(candidate.projection);
    if (live) this.forgetWriters(live);
    this.lease.fenced(lease, () => {
      if (live) this.forget(live);
      this.rows.makeLive(candidate);
    });
  }

  override async load(
    build: ProjectionBuild,
    table: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, Row>> {
    const found = this.file.rows(this.loading(tableName(build, table)), {
      keys: JSON.stringify(keys),
    });
    // Rows are written by `commit` as JSON objects.
    return new Map(found.map(({ key, row }) => [String(key), JSON.parse(String(row)) as Row]));
  }

  override async commit(lease: Lease, batches: readonly BuildBatch[]): Promise<void> {
    this.lease.fenced(lease, () => {
      for (const { build, projection, rows, checkpoint, poison } of batches) {
        for (const change of rows) this.write(build, projection, change);
        this.rows.advance(build, checkpoint, poison);
      }
    });
  }

  override async compare(
    before: ProjectionBuild,
    after: ProjectionBuild,
    projection: Projection,
    from: CompareFrom,
  ): Promise<Comparison> {
    return compareBuilds(this.file, before, after, projection, from);
  }

  override async requestRebuild(projection: string): Promise<void> {
    this.file.execute(rebuilds.put, {
      projection,
      requested: 1,
      status: JSON.stringify(REQUESTED),
    });
  }

  override async rebuildRequests(): Promise<readonly string[]> {
    return this.file.rows(rebuilds.requested, {}).map(({ projection }) => String(projection));
  }

  override async noteRebuild(
    lease: Lease,
    projection: string,
    status: RebuildStatus,
  ): Promise<void> {
    const values = { projection, requested: 0, status: JSON.stringify(status) };
    this.lease.fenced(lease, () => this.file.execute(rebuilds.put, values));
  }

  override async rebuildStatus(projection: string): Promise<RebuildStatus | undefined> {
    const status = this.file.row(rebuilds.status, { projection })?.['status'];
    return typeof status === 'string' ? (JSON.parse(status) as RebuildStatus) : undefined;
  }

  override async select(projection: string, query: QueryOf): Promise<Selected> {
    return this.file.transaction('DEFERRED', () => {
      const build = this.rows.live(projection);
      const compiled =
        build && query((table, link) => tableName(build, table, link), sqliteDialect);
      // Queries bind texts and whole numbers only.
      const rows = compiled
        ? this.file.all(compiled.sql, ...(compiled.parameters as SQLInputValue[]))
        : [];
      return { build, rows };
    });
  }

  override async close(): Promise<void> {
    this.writers.clear();
    this.file.close();
  }

  /** Reads all rows in one execution: one for each key costs more than the search itself. */
  private loading(table: string): Statement<{ readonly keys: string }> {
    let loading = this.loads.get(table);
    if (!loading) this.loads.set(table, (loading = loadStatement(table)));
    return loading;
  }

  private forget(build: ProjectionBuild): void {
    this.rows.delete(build);
    dropTables(this.file, build);
  }

  private write(build: ProjectionBuild, projection: Projection, change: RowChange): void {
    const writer = this.writer(build, projection, change.table);
    try {
      writer.write(change);
    } catch (error) {
      if (isFileFault(error)) throw error;
      throw new UnfitRow(build.id, change.table, change.key, { cause: error });
    }
  }

  private writer(build: ProjectionBuild, { tables }: Projection, table: string): RowWriter {
    const name = tableName(build, table);
    let writer = this.writers.get(name);
    if (writer === undefined) {
      const definition = tables.find((one) => one.name === table);
      if (definition === undefined) throw new Error(`${build.projection} has no table ${table}`);
      writer = new RowWriter(this.file, build, definition);
      this.writers.set(name, writer);
    }
    return writer;
  }

  private forgetWriters(build: ProjectionBuild): void {
    for (const name of this.writers.keys())
      if (name.startsWith(tableName(build, ''))) this.writers.delete(name);
  }
}
