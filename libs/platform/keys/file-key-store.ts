import { randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type KeptKey, KeysDiffer, KeyStore, type SubjectKey } from './key-store.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS keys (
    subject TEXT NOT NULL,
    generation INTEGER NOT NULL,
    key BLOB,                            -- NULL: destroyed
    marked INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (subject, generation)
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX IF NOT EXISTS keys_to_destroy ON keys (subject, generation) WHERE marked = 1 AND key IS NOT NULL;
`;

/**
 * Keys in a file of their own (mode 0600), beside the log and never in it, so that a copy of the log says nothing about people.
 * `secure_delete` overwrites a destroyed key in the file, and the write-ahead log is emptied in the same step.
 */
export class FileKeyStore extends KeyStore {
  private constructor(private readonly db: DatabaseSync) {
    super();
  }

  /** `:memory:` goes with a log in memory. */
  static open(file: string): FileKeyStore {
    const db = new DatabaseSync(file, { timeout: 5000 });
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;');
    db.exec(SCHEMA);
    if (file !== ':memory:') chmodSync(file, 0o600);
    return new FileKeyStore(db);
  }

  async ensure(subject: string): Promise<SubjectKey> {
    return this.read(subject) ?? this.make(subject);
  }

  async find(subject: string, generation: number): Promise<SubjectKey | undefined> {
    const row = this.db.prepare('SELECT key FROM keys WHERE subject = ? AND generation = ?').get(subject, generation);
    return row?.key instanceof Uint8Array ? { subject, generation, key: Buffer.from(row.key) } : undefined;
  }

  async generations(subject: string): Promise<readonly number[]> {
    const rows = this.db.prepare('SELECT generation FROM keys WHERE subject = ? AND key IS NOT NULL ORDER BY generation').all(subject);
    return rows.map(({ generation }) => Number(generation));
  }

  async mark(subject: string, generation: number): Promise<void> {
    this.db.prepare('UPDATE keys SET marked = 1 WHERE subject = ? AND generation = ?').run(subject, generation);
  }

  async marked(): Promise<readonly { subject: string; generation: number }[]> {
    const rows = this.db.prepare('SELECT subject, generation FROM keys WHERE marked = 1 AND key IS NOT NULL').all();
    return rows.map(({ subject, generation }) => ({ subject: String(subject), generation: Number(generation) }));
  }

  async destroy(subject: string, generation: number): Promise<void> {
    this.db.prepare('UPDATE keys SET key = NULL, marked = 1 WHERE subject = ? AND generation = ?').run(subject, generation);
    this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  async *kept(): AsyncIterable<KeptKey> {
    for (const row of this.db.prepare('SELECT subject, generation, key, marked FROM keys ORDER BY subject, generation').iterate()) {
      const key = row['key'] instanceof Uint8Array ? Buffer.from(row['key']) : undefined;
      yield { subject: String(row['subject']), generation: Number(row['generation']), key, marked: row['marked'] === 1 };
    }
  }

  async adopt({ subject, generation, key, marked }: KeptKey): Promise<void> {
    const { changes } = this.db
      .prepare('INSERT INTO keys (subject, generation, key, marked) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(subject, generation, key ?? null, marked ? 1 : 0);
    if (changes > 0) return;
    const there = await this.find(subject, generation);
    if (there && key && !there.key.equals(key)) throw new KeysDiffer({ subject, generation });
  }

  async close(): Promise<void> {
    this.db.close();
  }

  /** Always from the file: another process may have marked the key since. */
  private read(subject: string): SubjectKey | undefined {
    const row = this.db
      .prepare('SELECT generation, key FROM keys WHERE subject = ? AND marked = 0 AND key IS NOT NULL ORDER BY generation DESC LIMIT 1')
      .get(subject);
    return row?.key instanceof Uint8Array ? { subject, generation: Number(row.generation), key: Buffer.from(row.key) } : undefined;
  }

  private make(subject: string): SubjectKey {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const made = this.read(subject) ?? this.insert(subject);
      this.db.exec('COMMIT');
      return made;
    } catch (error) {
      this.db.exec('ROLLBACK');
      throw error;
    }
  }

  private insert(subject: string): SubjectKey {
    const last = this.db.prepare('SELECT max(generation) AS generation FROM keys WHERE subject = ?').get(subject);
    const generation = Number(last?.generation ?? 0) + 1;
    const key = randomBytes(32);
    this.db.prepare('INSERT INTO keys (subject, generation, key) VALUES (?, ?, ?)').run(subject, generation, key);
    return { subject, generation, key };
  }
}
