import { Socket } from 'node:net';
import pg from 'pg';

/** Of one statement; the long ones build indexes or change tables. */
export const LONG_STATEMENT_MS = 60 * 60_000;
/** The server's own time-out answers first, unless nothing answers any more. */
export const GRACE_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
const LOCK_TIMEOUT_MS = 10_000;
/** A process that stands still inside a transaction loses it, and the locks with it. */
const IDLE_IN_TRANSACTION_MS = 5_000;
/** PostgreSQL's own number of the type. */
const INT8 = 20;

export interface PoolOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly maxConnections: number;
  readonly statementTimeoutMs: number;
}

export interface OpenedPool {
  readonly pool: pg.Pool;
  /**
   * Ends every connection, those too that the driver has given up and left to the server's
   * patience.
   */
  readonly cutOff: () => void;
}

export function makePool({
  url,
  applicationName,
  maxConnections,
  statementTimeoutMs,
}: PoolOptions): OpenedPool {
  const sockets = new Set<Socket>();
  const pool = new pg.Pool({
    connectionString: url,
    application_name: applicationName,
    max: maxConnections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + GRACE_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    types: { getTypeParser: parserOf },
    // The pool waits for what it returns; its type does not say so.
    onConnect: settle as (client: pg.ClientBase) => void,
    stream: () => {
      const socket = new Socket();
      sockets.add(socket);
      return socket.once('close', () => sockets.delete(socket));
    },
  });
  return { pool, cutOff: () => sockets.forEach((socket) => socket.destroy()) };
}

/** `int8` goes beyond what a number holds exactly. */
const parserOf = (oid: number, format?: 'text' | 'binary'): ((text: string) => unknown) =>
  // The driver's type asks for the literal that it overloads by; its function takes either.
  oid === INT8 && format !== 'binary' ? BigInt : pg.types.getTypeParser(oid, format as 'text');

/**
 * What a commit has acknowledged is on disk, whatever the server's default is; a stricter default
 * stays.
 */
async function settle(client: pg.ClientBase): Promise<void> {
  await client.query(
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')",
  );
}
