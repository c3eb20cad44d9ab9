import type pg from 'pg';
import { isCutOff, isLostConnection } from './errors.js';
import { GRACE_MS, LONG_STATEMENT_MS } from './pool.js';
import type { Session } from './session.js';

export interface TransactionKind {
  /** The default is READ COMMITTED, whatever the default of the server is. */
  readonly isolation?: 'REPEATABLE READ';
  readonly readOnly?: boolean;
  /** For work that creates indexes or changes tables, which may take minutes. */
  readonly long?: boolean;
}

/**
 * One attempt. The transaction is committed when it returns. If it throws, the transaction is
 * rolled back, now or when the server notices that the connection is lost.
 */
export async function runTransaction<T>(
  pool: pg.Pool,
  kind: TransactionKind,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { client, release } = await begun(pool, kind);
  const send = (text: string, values: readonly unknown[] = []) =>
    // The driver accepts `query_timeout` for a single statement; its types do not.
    client.query<Record<string, unknown>>({
      text,
      values: [...values],
      ...(kind.long ? LONG : {}),
    } as pg.QueryConfig);
  try {
    const result = await work({ query: async (text, values) => (await send(text, values)).rows });
    if (kind.readOnly) {
      // The result does not depend on the end of the transaction, so the caller need not wait for
      // it.
      void send('COMMIT').then(() => release(), release);
      return result;
    }
    // The server answers the COMMIT of a failed transaction with ROLLBACK, and without an error.
    if ((await send('COMMIT')).command !== 'COMMIT')
      throw new Error('the transaction had failed and was rolled back');
    release();
    return result;
  } catch (error) {
    if (isLostConnection(error)) release(broken(error));
    else await send('ROLLBACK').then(() => release(), release);
    throw error;
  }
}

const LONG = { query_timeout: LONG_STATEMENT_MS + GRACE_MS };

interface Begun {
  readonly client: pg.PoolClient;
  /** With an error, the connection is closed instead of used again. */
  readonly release: (error?: Error) => void;
}

/**
 * A connection with a begun transaction. If the connection was lost while it was idle, another one
 * is used, since no statement was sent yet.
 */
async function begun(pool: pg.Pool, kind: TransactionKind, again = true): Promise<Begun> {
  const client = await pool.connect();
  // Between two statements the driver reports a lost connection by this event. The next statement
  // then fails, and its error is handled.
  const lost = (): void => undefined;
  client.on('error', lost);
  const release = (error?: Error): void => {
    client.off('error', lost);
    client.release(error);
  };
  try {
    await client.query(beginning(kind));
    return { client, release };
  } catch (error) {
    release(broken(error));
    if (again && isCutOff(error)) return begun(pool, kind, false);
    throw error;
  }
}

function beginning({ isolation, readOnly = false, long = false }: TransactionKind): string {
  const begin = `BEGIN ISOLATION LEVEL ${isolation ?? 'READ COMMITTED'}${readOnly ? ' READ ONLY' : ''}`;
  return long
    ? `${begin}; SET LOCAL statement_timeout = ${LONG_STATEMENT_MS}; SET LOCAL lock_timeout = ${LONG_STATEMENT_MS}`
    : begin;
}

const broken = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));
