import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import { makePrivateDatabase } from '../../platform/files/private-files.js';
import { boundValues, type Statement } from '../../platform/sql/statement.js';

/** "SKRM": distinguishes read models from other SQLite files. */
const APPLICATION_ID = 0x534b524d;
/** Version 2 adds the log's index and the checkpoints of processes, for a log on another server. */
const SCHEMA_VERSION = 2;
const LOCK_TIMEOUT_MS = 5000;
const CACHE_KIB = 32 * 1024;

const TABLES = `
  CREATE TABLE IF NOT EXISTS lease (
    name TEXT PRIMARY KEY, holder TEXT NOT NULL, token INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, projection TEXT NOT NULL, version INTEGER NOT NULL, shape TEXT NOT NULL, role TEXT NOT NULL,
    position INTEGER NOT NULL, event_id TEXT, filled INTEGER NOT NULL, poison TEXT
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS runs_by_role ON runs (projection, role);
  CREATE TABLE IF NOT EXISTS rebuilds (projection TEXT PRIMARY KEY, requested INTEGER NOT NULL, status TEXT) STRICT;
  CREATE TABLE IF NOT EXISTS snapshots (
    id INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, fold_version INTEGER NOT NULL, revision INTEGER NOT NULL,
    event_id TEXT NOT NULL, state TEXT NOT NULL, UNIQUE (stream, fold_version)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS log_index (
    position INTEGER PRIMARY KEY, commit_position INTEGER NOT NULL, prepare_position INTEGER NOT NULL, event_id TEXT NOT NULL,
    stream TEXT NOT NULL, revision INTEGER NOT NULL, type TEXT NOT NULL, command_id TEXT NOT NULL, command_index INTEGER NOT NULL,
    recorded_through_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS log_index_by_stream ON log_index (stream, revision, position);
  CREATE INDEX IF NOT EXISTS log_index_by_command ON log_index (command_id, command_index);
  CREATE INDEX IF NOT EXISTS log_index_by_type ON log_index (type, position);
  CREATE INDEX IF NOT EXISTS log_index_by_time ON log_index (recorded_through_ms, position);
  CREATE TABLE IF NOT EXISTS process_checkpoints (process TEXT PRIMARY KEY, position INTEGER NOT NULL, event_id TEXT NOT NULL) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};`;

/**
 * The read models' database. It can be rebuilt from the log, so a commit need not wait for the
 * disk.
 */
export class ReadModelFile {
  readonly database: DatabaseSync;
  /** Bounded, because the SQL of lists varies with their filters. */
  private readonly prepared = new LRUCache<string, StatementSync>({ max: MAX_PREPARED });

  /** `:memory:` is private to this object. */
  constructor(readonly path: string) {
    if (path !== ':memory:') makePrivateDatabase(path);
    this.database = new DatabaseSync(path, {
      timeout: LOCK_TIMEOUT_MS,
      enableForeignKeyConstraints: false,
    });
    try {
      this.database.exec('PRAGMA page_size = 8192');
      useWriteAheadLog(this.database);
      this.database.exec(
        `PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = ${-CACHE_KIB}`,
      );
      this.prepareTables();
    } catch (error) {
      this.database.close();
      throw error;
    }
  }

  /** Values are bound, never written into the text. */
  get(sql: string, ...values: SQLInputValue[]): Record<string, unknown> | undefined {
    return this.statement(sql).get(...values);
  }

  all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.statement(sql).all(...values);
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.statement(sql).run(...values).changes);
  }

  /** The first row of a compiled statement. */
  row<Values>(statement: Statement<Values>, values: Values): Record<string, unknown> | undefined {
    return this.statement(statement.sql).get(...inputs(statement, values));
  }

  rows<Values>(
    statement: Statement<Values>,
    values: Values,
    { bigints = false } = {},
  ): Record<string, unknown>[] {
    const prepared = this.statement(statement.sql);
    prepared.setReadBigInts(bigints);
    return prepared.all(...inputs(statement, values));
  }

  execute<Values>(statement: Statement<Values>, values: Values): void {
    this.statement(statement.sql).run(...inputs(statement, values));
  }

  /**
   * For a statement that runs once per row: its values are given in the order of these names, which
   * must be that of its parameters.
   */
  prepare<Values>(
    { sql, parameters }: Statement<Values>,
    order: readonly (string & keyof Values)[],
  ): StatementSync {
    const names = parameters.map((parameter) => ('name' in parameter ? parameter.name : ''));
    if (names.join() !== order.join())
      throw new Error(`the parameters are ${names.join()}, not ${order.join()}`);
    return this.database.prepare(sql);
  }

  private statement(sql: string): StatementSync {
    let statement = this.prepared.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.prepared.set(sql, statement);
    }
    return statement;
  }

  forgetStatements(): void {
    this.prepared.clear();
  }

  /** All of the work or nothing. The work is synchronous, so nothing else can run in between. */
  transaction<T>(kind: 'IMMEDIATE' | 'DEFERRED', work: () => T): T {
    this.database.exec(`BEGIN ${kind}`);
    try {
      const result = work();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }

  private prepareTables(): void {
    const version = Number(this.database.prepare('PRAGMA user_version').get()?.['user_version']);
    const application = Number(
      this.database.prepare('PRAGMA application_id').get()?.['application_id'],
    );
    if (version === SCHEMA_VERSION && application === APPLICATION_ID) return;
    const tables = Number(
      this.database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'],
    );
    // Versions have only added tables, so the statements bring any to this one; a second process
    // may have done it meanwhile.
    if (tables === 0 || application === APPLICATION_ID) return this.createTables(version);
    throw new NotReadModels(
      `${this.path} is a database of another program; choose another directory`,
    );
  }

  private createTables(version: number): void {
    if (version > SCHEMA_VERSION) {
      throw new NotReadModels(
        `${this.path} was written by a newer release: stop that release and delete the file; it is rebuilt from the log`,
      );
    }
    this.transaction('IMMEDIATE', () => {
      this.database.exec(TABLES);
    });
  }
}

const MAX_PREPARED = 500;

// Statements bind texts, numbers, bigints and NULL.
const inputs = <Values>(statement: Statement<Values>, values: Values): SQLInputValue[] =>
  boundValues(statement, values) as SQLInputValue[];

/** The file has no read models that this release can use; nothing was changed. */
export class NotReadModels extends Error {
  override readonly name = 'NotReadModels';
}

const CONSTRAINT = 19;
const MISMATCH = 20;
const TOO_BIG = 18;

/** Whether the file or the disk is at fault, for any row; otherwise the row is. */
export function isFileFault(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && ![CONSTRAINT, MISMATCH, TOO_BIG].includes(errcode & 0xff);
}

const DUPLICATES = [1555, 2067];
/** A row with this key exists already. */
export const isDuplicate = (error: unknown): boolean =>
  DUPLICATES.includes((error as { errcode?: number }).errcode ?? 0);

/**
 * SQLite does not wait for a lock when it changes the journal mode (two processes may create one
 * file), so the change is tried again until the timeout.
 */
function useWriteAheadLog(database: DatabaseSync): void {
  const deadline = Date.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      const busy = (error as { errcode?: number }).errcode === 5;
      if (!busy || Date.now() >= deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
