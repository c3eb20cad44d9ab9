import { DatabaseSync } from 'node:sqlite';
import { makePrivateDatabase } from '../files/private-files.js';
import {
  type StoredKey,
  type KeyName,
  KeysUnavailable,
  type SubjectKey,
  type UnfinishedErasure,
} from './key-store.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS keys (
    subject TEXT NOT NULL,
    generation INTEGER NOT NULL,
    key BLOB,                            -- NULL: destroyed
    marked INTEGER NOT NULL DEFAULT 0,
    settled INTEGER NOT NULL DEFAULT 0,  -- 1: destroyed, verified, and in the log
    ordered_by TEXT,
    PRIMARY KEY (subject, generation)
  ) WITHOUT ROWID, STRICT;`;
/**
 * A file of an earlier release lacks these columns. A key that it destroyed is verified once more.
 */
const ADDED_COLUMNS = { settled: 'INTEGER NOT NULL DEFAULT 0', ordered_by: 'TEXT' };
const INDEX =
  'CREATE INDEX IF NOT EXISTS unsettled_keys ON keys (subject, generation) WHERE marked = 1 AND settled = 0';
const OPEN_TIMEOUT_MS = 5000;
/** A reader of a write-ahead log waits only for a connection that is opening or recovering it. */
const READ_TIMEOUT_MS = 100;
const PAGE = 500;

/**
 * Creates the file's tables and reads them, on the caller's thread. `key-file.worker.ts` writes
 * them.
 */
export class KeyFile {
  private readonly db: DatabaseSync;

  constructor(readonly path: string) {
    makePrivateDatabase(path);
    this.db = new DatabaseSync(path, { timeout: OPEN_TIMEOUT_MS });
    try {
      this.db.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;',
      );
      this.prepareTables();
      this.db.exec(`PRAGMA busy_timeout = ${READ_TIMEOUT_MS}`);
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  /** Always from the file: another process may have marked the key since. */
  present(subject: string): SubjectKey | undefined {
    const [row] = this.rows(
      'SELECT generation, key FROM keys WHERE subject = ? AND marked = 0 AND key IS NOT NULL ORDER BY generation DESC LIMIT 1',
      subject,
    );
    return row && keyOf({ subject, ...row });
  }

  find(subject: string, generation: number): SubjectKey | undefined {
    const [row] = this.rows(
      'SELECT subject, generation, key FROM keys WHERE subject = ? AND generation = ?',
      subject,
      generation,
    );
    return row && keyOf(row);
  }

  generations(subject: string): readonly number[] {
    const rows = this.rows(
      'SELECT generation FROM keys WHERE subject = ? AND settled = 0 ORDER BY generation',
      subject,
    );
    return rows.map(({ generation }) => Number(generation));
  }

  unfinished(): readonly UnfinishedErasure[] {
    const rows = this.rows(
      'SELECT subject, generation, ordered_by FROM keys WHERE marked = 1 AND settled = 0 ORDER BY subject, generation',
    );
    return rows.map(({ subject, generation, ordered_by: by }) => ({
      subject: String(subject),
      generation: Number(generation),
      ...(typeof by === 'string' ? { orderedBy: by } : {}),
    }));
  }

  /** Reads page by page, so that no transaction stays open while the caller processes a key. */
  *kept(): Iterable<StoredKey> {
    let after: KeyName = { subject: '', generation: 0 };
    for (;;) {
      const rows = this.rows(
        `SELECT subject, generation, key, marked, settled FROM keys WHERE (subject, generation) > (?, ?)
         ORDER BY subject, generation LIMIT ${PAGE}`,
        after.subject,
        after.generation,
      );
      for (const row of rows) {
        after = { subject: String(row['subject']), generation: Number(row['generation']) };
        yield {
          ...after,
          key: keyOf(row)?.key,
          marked: row['marked'] === 1,
          settled: row['settled'] === 1,
        };
      }
      if (rows.length < PAGE) return;
    }
  }

  close(): void {
    if (this.db.isOpen) this.db.close();
  }

  private rows(sql: string, ...values: (string | number)[]): Record<string, unknown>[] {
    try {
      return this.db.prepare(sql).all(...values);
    } catch (error) {
      throw new KeysUnavailable(`${this.path} cannot be read: ${String(error)}`, { cause: error });
    }
  }

  /** The usual start finds all tables and takes no lock. */
  private prepareTables(): void {
    if (this.isPrepared()) return;
    this.db.exec('BEGIN IMMEDIATE');
    try {
      this.db.exec(SCHEMA);
      const there = this.columns();
      for (const [name, type] of Object.entries(ADDED_COLUMNS))
        if (!there.has(name)) this.db.exec(`ALTER TABLE keys ADD COLUMN ${name} ${type}`);
      this.db.exec(INDEX);
      this.db.exec('COMMIT');
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  private isPrepared(): boolean {
    return (
      this.db.prepare("SELECT name FROM sqlite_schema WHERE name = 'unsettled_keys'").get() !==
      undefined
    );
  }

  private columns(): ReadonlySet<string> {
    const rows = this.db.prepare("SELECT name FROM pragma_table_info('keys')").all();
    return new Set(rows.map(({ name }) => String(name)));
  }
}

function keyOf({ subject, generation, key }: Record<string, unknown>): SubjectKey | undefined {
  return key instanceof Uint8Array
    ? { subject: String(subject), generation: Number(generation), key: Buffer.from(key) }
    : undefined;
}
