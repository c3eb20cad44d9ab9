import { randomBytes } from 'node:crypto';
import { sqlState } from '../postgres/errors.js';
import { migrate } from '../postgres/migrate.js';
import { Postgres } from '../postgres/postgres.js';
import { execute, quoted, type Rows, type Session } from '../postgres/session.js';
import { keyStatements } from './postgres-key-statements.js';
import {
  ErasurePending,
  type StoredKey,
  type KeyName,
  KeysDiffer,
  KeyStore,
  type SubjectKey,
  type UnfinishedErasure,
} from './key-store.js';

/** Separate from the read models' schema, so that a copy of that reveals nothing about people. */
export const KEYS_SCHEMA = 'sekisho_keys';

const FIRST = (schema: string): string => `
  CREATE TABLE ${schema}.generations (
    subject text COLLATE "C" NOT NULL, generation integer NOT NULL, marked boolean NOT NULL DEFAULT false,
    destroyed boolean NOT NULL DEFAULT false, PRIMARY KEY (subject, generation)
  );
  -- A subject has one present key at most: of two that are made at once, one is refused.
  CREATE UNIQUE INDEX present_generation ON ${schema}.generations (subject) WHERE NOT marked;
  CREATE INDEX generations_to_destroy ON ${schema}.generations (subject, generation) WHERE marked AND NOT destroyed;
  CREATE TABLE ${schema}.keys (
    subject text COLLATE "C" NOT NULL, generation integer NOT NULL, key bytea NOT NULL, PRIMARY KEY (subject, generation)
  );`;

/**
 * `destroyed`: verified, and in the log. An earlier release did not verify a destruction against
 * open transactions, so those keys are destroyed once more.
 */
const SECOND = (schema: string): string => `
  ALTER TABLE ${schema}.generations ADD COLUMN ordered_by text;
  UPDATE ${schema}.generations SET destroyed = false WHERE destroyed;`;

export interface KeyStoreOptions {
  readonly url: string;
  readonly schema?: string;
  /** Called when an idle connection was lost; the next statement makes another. */
  readonly report?: (reason: string) => void;
}

const MAX_CONNECTIONS = 4;
/** Readers queue after a transaction that waits for this lock, so none waits long. */
const TABLE_WITHIN_MS = 150;
const TABLE_ATTEMPTS = 3;
/** More than one attempt is needed only if keys are marked as fast as they are made. */
const MAX_ATTEMPTS = 10;

/**
 * Keys in PostgreSQL, for processes without a disk of their own. The effects of a method are on the
 * server's disk when it returns.
 */
export class PostgresKeyStore extends KeyStore {
  private readonly statements: ReturnType<typeof keyStatements>;
  /** As SQL text. */
  private readonly keysTable: string;

  private constructor(
    private readonly postgres: Postgres,
    schema: string,
  ) {
    super();
    this.statements = keyStatements(schema);
    this.keysTable = `${quoted(schema)}.keys`;
  }

  /** Opens connections of its own. Migrates the schema to this release's version first. */
  static async open({
    schema = KEYS_SCHEMA,
    ...options
  }: KeyStoreOptions): Promise<PostgresKeyStore> {
    const postgres = await Postgres.open({
      applicationName: 'sekisho keys',
      maxConnections: MAX_CONNECTIONS,
      ...options,
    });
    try {
      await migrate(postgres, {
        schema,
        steps: [FIRST, SECOND],
        ifNewer: 'Start the newer release: keys cannot be made again.',
      });
      return new PostgresKeyStore(postgres, schema);
    } catch (error) {
      await postgres.close();
      throw error;
    }
  }

  async ensure(subject: string): Promise<SubjectKey> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const present = (await this.present(subject)) ?? (await this.make(subject));
      if (present) return present;
    }
    throw new Error(`the key of ${subject} was marked each time that it was made`);
  }

  async find(subject: string, generation: number): Promise<SubjectKey | undefined> {
    const rows = await execute(this.postgres, this.statements.find, { subject, generation });
    return keyOf(subject, rows);
  }

  async generations(subject: string): Promise<readonly number[]> {
    const rows = await execute(this.postgres, this.statements.generations, { subject });
    return rows.map(({ generation }) => Number(generation));
  }

  async mark({ subject, generation }: KeyName, orderedBy?: string): Promise<void> {
    const ordered_by = orderedBy ?? null;
    await execute(this.postgres, this.statements.mark, { subject, generation, ordered_by });
  }

  async unfinished(): Promise<readonly UnfinishedErasure[]> {
    const rows = await execute(this.postgres, this.statements.unfinished, {});
    return rows.map(({ subject, generation, ordered_by: by }) => ({
      subject: String(subject),
      generation: Number(generation),
      ...(typeof by === 'string' ? { orderedBy: by } : {}),
    }));
  }

  /**
   * A deleted row stays in the table's file while an open transaction could read it, so the table
   * is rewritten without it. Copies in the server's write-ahead log, on replicas and in backups
   * disappear when those are recycled.
   */
  async destroy(keys: readonly KeyName[]): Promise<void> {
    let isWrittenAnew = true;
    for (const key of keys) isWrittenAnew = (await this.withdraw(key)) && isWrittenAnew;
    for (let attempt = 1; !isWrittenAnew; attempt += 1) {
      isWrittenAnew = await this.postgres.transaction((session) => this.writeAnew(session), {
        long: true,
      });
      if (!isWrittenAnew && attempt === TABLE_ATTEMPTS)
        throw new ErasurePending(
          'an open transaction has read the table of keys, so the table cannot be rewritten',
        );
    }
  }

  async settle({ subject, generation }: KeyName): Promise<void> {
    await execute(this.postgres, this.statements.settle, { subject, generation });
  }

  async *all(): AsyncIterable<StoredKey> {
    for (const row of await execute(this.postgres, this.statements.all, {})) {
      const key = row['key'] instanceof Uint8Array ? Buffer.from(row['key']) : undefined;
      const name = { subject: String(row['subject']), generation: Number(row['generation']) };
      yield { ...name, key, marked: row['marked'] === true, settled: row['destroyed'] === true };
    }
  }

  async adopt({ subject, generation, key, marked, settled }: StoredKey): Promise<void> {
    const rows = await execute(this.postgres, this.statements.adopt, {
      subject,
      generation,
      key: key ?? null,
      marked: marked || key === undefined,
      destroyed: settled,
    });
    if (rows.length > 0) return;
    const existing = await this.find(subject, generation);
    if (existing ? !key || existing.key.equals(key) : await this.hadGeneration(subject, generation))
      return;
    // If that generation does not exist, another one is present here.
    throw new KeysDiffer({ subject, generation });
  }

  async close(): Promise<void> {
    await this.postgres.close();
  }

  /**
   * From now on the key cannot be read from its row. Returns whether its destruction is already
   * complete.
   */
  private async withdraw({ subject, generation }: KeyName): Promise<boolean> {
    const values = { subject, generation };
    const [row] = await execute(this.postgres, this.statements.withdraw, values);
    return !row || row['destroyed'] === true;
  }

  /**
   * TRUNCATE starts a new file, into which only remaining keys are copied; VACUUM would keep rows
   * that an older snapshot can see. Returns false if another transaction has locked the table.
   */
  private async writeAnew(session: Session): Promise<boolean> {
    await session.query(`SET LOCAL lock_timeout = ${TABLE_WITHIN_MS}`);
    await session.query('SAVEPOINT before_lock');
    try {
      await session.query(`LOCK TABLE ${this.keysTable} IN ACCESS EXCLUSIVE MODE`);
    } catch (error) {
      if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
      await session.query('ROLLBACK TO SAVEPOINT before_lock');
      return false;
    }
    await session.query(
      `CREATE TEMPORARY TABLE remaining_keys ON COMMIT DROP AS SELECT subject, generation, key FROM ${this.keysTable}`,
    );
    await session.query(`TRUNCATE ${this.keysTable}`);
    await session.query(
      `INSERT INTO ${this.keysTable} (subject, generation, key) SELECT subject, generation, key FROM pg_temp.remaining_keys`,
    );
    return true;
  }

  private async hadGeneration(subject: string, generation: number): Promise<boolean> {
    const values = { subject, generation };
    return (await execute(this.postgres, this.statements.hadGeneration, values)).length > 0;
  }

  /** Always read from the server: another process may have marked the key since. */
  private async present(subject: string): Promise<SubjectKey | undefined> {
    return keyOf(subject, await execute(this.postgres, this.statements.present, { subject }));
  }

  /** Returns undefined if another process has made a key meanwhile, which is then the key. */
  private async make(subject: string): Promise<SubjectKey | undefined> {
    const values = { subject, key: randomBytes(32) };
    return keyOf(subject, await execute(this.postgres, this.statements.make, values));
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

const keyOf = (subject: string, [row]: Rows): SubjectKey | undefined =>
  row && {
    subject,
    generation: Number(row['generation']),
    key: Buffer.from(row['key'] as Uint8Array),
  };
