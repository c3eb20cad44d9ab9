import type { SQLInputValue } from 'node:sqlite';
import type { Projection, Row } from '../projection.js';
import { UnfitRow } from '../errors.js';
import type { RebuildStatus } from '../read-models.js';
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
import { compareBuilds } from './compare-builds.js';
import { sqliteDialect } from './dialect.js';
import { LeaseRow } from './lease-row.js';
import { isFileFault, ReadModelFile } from './read-model-file.js';
import { RowWriter } from './row-writer.js';
import { BuildRows } from './build-rows.js';
import { createIndexes, createTables, dropTables, tableName } from './build-tables.js';

/**
 * Read models in a SQLite file of their own. Every method is one synchronous step or one
 * transaction.
 */
export class SqliteReadModelStore extends ReadModelStore {
  private readonly lease: LeaseRow;
  private readonly rows: BuildRows;
  private readonly writers = new Map<string, RowWriter>();

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
    const from = tableName(build, table);
    // One statement for all of them: a call for each costs more than the search itself.
    const found = this.file.all(
      `SELECT key, row FROM ${from} WHERE key IN (SELECT value FROM json_each(?))`,
      JSON.stringify(keys),
    );
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
    // The last rebuild's status goes: from now on this one is what is told of, so that whoever
    // asked sees when it is finished.
    const status = JSON.stringify({ position: -1, finished: false } satisfies RebuildStatus);
    const sql =
      'INSERT INTO rebuilds (projection, requested, status) VALUES (?, 1, ?) ON CONFLICT (projection) DO UPDATE SET requested = 1, status = excluded.status';
    this.file.run(sql, projection, status);
  }

  override async rebuildRequests(): Promise<readonly string[]> {
    return this.file
      .all('SELECT projection FROM rebuilds WHERE requested = 1')
      .map(({ projection }) => String(projection));
  }

  override async noteRebuild(
    lease: Lease,
    projection: string,
    status: RebuildStatus,
  ): Promise<void> {
    const sql =
      'INSERT INTO rebuilds (projection, requested, status) VALUES (?, 0, ?) ON CONFLICT (projection) DO UPDATE SET requested = 0, status = excluded.status';
    this.lease.fenced(lease, () => this.file.run(sql, projection, JSON.stringify(status)));
  }

  override async rebuildStatus(projection: string): Promise<RebuildStatus | undefined> {
    const status = this.file.get('SELECT status FROM rebuilds WHERE projection = ?', projection)?.[
      'status'
    ];
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
