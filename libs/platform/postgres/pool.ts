import { Socket } from 'node:net';
import pg from 'pg';

/** For statements that create indexes or change tables. */
export const LONG_STATEMENT_MS = 60 * 60_000;
/**
 * The client's time-out is longer by this, so that the server's comes first unless the server does
 * not answer.
 */
export const GRACE_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
const LOCK_TIMEOUT_MS = 10_000;
/** A process that stops inside a transaction loses it, with its locks. */
const IDLE_IN_TRANSACTION_MS = 5_000;
/** PostgreSQL's number of the type. */
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
   * Ends every connection, including those that the driver has given up and that still wait for the
   * server.
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
    // The pool waits for the returned promise, which its type does not declare.
    onConnect: settle as (client: pg.ClientBase) => void,
    stream: () => {
      const socket = new Socket();
      sockets.add(socket);
      return socket.once('close', () => sockets.delete(socket));
    },
  });
  return { pool, cutOff: () => sockets.forEach((socket) => socket.destroy()) };
}

/** `int8` has values that a number cannot represent exactly. */
const parserOf = (oid: number, format?: 'text' | 'binary'): ((text: string) => unknown) =>
  // The driver's type is overloaded by the literal; its function takes either.
  oid === INT8 && format !== 'binary' ? BigInt : pg.types.getTypeParser(oid, format as 'text');

/**
 * Ensures that an acknowledged commit is on disk, for any default of the server. A stricter default
 * remains.
 */
async function settle(client: pg.ClientBase): Promise<void> {
  await client.query(
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')",
  );
}
