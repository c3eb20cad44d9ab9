/** A temporary PostgreSQL server on 127.0.0.1 (`scripts/postgres-server.mjs`). */
export interface TemporaryPostgres {
  readonly url: string;
  readonly password: string;
  /** Its data folder. */
  readonly data: string;
  stop(): Promise<void>;
  crash(): Promise<void>;
  start(): Promise<void>;
  dispose(): Promise<void>;
}
export class NoPostgres extends Error {}
/** `flushes`: commits wait for the disk (they do, unless told otherwise). `directory`: where its data folder is made (the system's temporary one); the user that the server runs as must be able to enter it. */
export function startPostgres(options?: {
  readonly directory?: string;
  readonly flushes?: boolean;
}): Promise<TemporaryPostgres>;
