/** A temporary PostgreSQL server on 127.0.0.1 (`scripts/postgres-server.mjs`). */
export interface TemporaryPostgres {
  readonly url: string;
  readonly password: string;
  /** The data folder. */
  readonly data: string;
  stop(): Promise<void>;
  crash(): Promise<void>;
  start(): Promise<void>;
  dispose(): Promise<void>;
}
export class NoPostgres extends Error {}
/**
 * `flushes`: commits wait for the disk (default: true). `directory`: the parent of the data folder
 * (default: the system's temporary folder); the server's user must be able to enter it.
 */
export function startPostgres(options?: {
  readonly directory?: string;
  readonly flushes?: boolean;
}): Promise<TemporaryPostgres>;
