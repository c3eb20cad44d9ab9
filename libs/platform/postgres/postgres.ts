import type pg from 'pg';
import { endedWithin } from '../time/within.js';
import { addressOf } from './address.js';
import {
  isCollision,
  isCutOff,
  PostgresRefused,
  PostgresUnavailable,
  translated,
} from './errors.js';
import { makePool } from './pool.js';
import type { Rows, Session } from './session.js';
import { runTransaction, type TransactionKind } from './transaction.js';

export interface PostgresOptions {
  readonly url: string;
  /** Shown in the server's list of connections. */
  readonly applicationName: string;
  readonly maxConnections?: number;
  readonly statementTimeoutMs?: number;
  /** How long `open` waits for a server that does not answer yet. */
  readonly openWithinMs?: number;
  /** Called when an idle connection was lost; the next statement makes another. */
  readonly report?: (reason: string) => void;
}

const MAX_CONNECTIONS = 10;
const STATEMENT_TIMEOUT_MS = 15_000;
const OPEN_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 250;
const CLOSE_WITHIN_MS = 2_000;
const MAX_ATTEMPTS = 4;

/**
 * One PostgreSQL server, through a bounded pool of connections. Lost connections are made again
 * automatically.
 */
export class Postgres implements Session {
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly pool: pg.Pool,
    private readonly cutOff: () => void,
    /** Host, port and database. */
    readonly address: string,
  ) {}

  /**
   * Waits for a server that is just starting. Throws PostgresUnavailable or PostgresRefused; the
   * message says what to do.
   */
  static async open({
    url,
    applicationName,
    report,
    openWithinMs = OPEN_WITHIN_MS,
    ...options
  }: PostgresOptions): Promise<Postgres> {
    const address = addressOf(url);
    const { maxConnections = MAX_CONNECTIONS, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
    const { pool, cutOff } = makePool({ url, applicationName, maxConnections, statementTimeoutMs });
    pool.on('error', (error) =>
      report?.(`an idle connection to PostgreSQL at ${address} was lost: ${error.message}`),
    );
    const postgres = new Postgres(pool, cutOff, address);
    try {
      await postgres.awaited(Date.now() + openWithinMs);
      return postgres;
    } catch (error) {
      await postgres.close();
      throw error;
    }
  }

  /**
   * Executes one statement outside a transaction. The statement must be idempotent: when its
   * connection is lost, it is sent again, once.
   */
  async query(text: string, values: readonly unknown[] = []): Promise<Rows> {
    const attempt = async (): Promise<Rows> =>
      (await this.pool.query<Record<string, unknown>>(text, [...values])).rows;
    try {
      return await attempt().catch((error: unknown) => {
        if (!isCutOff(error) || this.closing) throw error;
        return attempt();
      });
    } catch (error) {
      throw translated(error, this.address);
    }
  }

  /**
   * All of the work or nothing. The work is repeated after a conflict with another transaction, so
   * it must have no other effects.
   */
  async transaction<T>(
    work: (session: Session) => Promise<T>,
    kind: TransactionKind = {},
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await runTransaction(this.pool, kind, work);
      } catch (error) {
        if (!isCollision(error) || attempt === MAX_ATTEMPTS) throw translated(error, this.address);
      }
    }
  }

  /** Waits for running statements, but not for long. */
  close(): Promise<void> {
    this.closing ??= endedWithin(CLOSE_WITHIN_MS, this.pool.end()).finally(this.cutOff);
    return this.closing;
  }

  private async awaited(untilMs: number): Promise<void> {
    for (;;) {
      try {
        return await this.assertUsable();
      } catch (error) {
        if (!(error instanceof PostgresUnavailable) || Date.now() >= untilMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    }
  }

  private async assertUsable(): Promise<void> {
    const [row] = await this.query("SELECT current_setting('server_encoding') AS encoding");
    assertHoldsEveryText(String(row?.['encoding']), this.address);
  }
}

/** Names and notes use every script; a database with another encoding would reject some of them. */
export function assertHoldsEveryText(encoding: string, address: string): void {
  if (encoding === 'UTF8') return;
  throw new PostgresRefused(
    `The database at ${address} has the encoding ${encoding}. Create one with UTF8 ("createdb --encoding=UTF8 --template=template0 …").`,
  );
}
