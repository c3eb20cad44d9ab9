import type { Circumstances } from '../chapters/chapter.js';
import type { EventStore } from './eventstoredb.js';
import { openPostgres } from './postgres.js';

/** The stores of services with one log, as environment variables. */
export interface ClusterStores {
  readonly env: Readonly<Record<string, string>>;
  /** The prefix of every stream of this log on the server. */
  readonly prefix: string;
  /** The location of the read models, for the table. */
  readonly readModels: string;
  end(): Promise<void>;
}

let logs = 0;

/**
 * A new log on the server, and read models and keys in PostgreSQL, or in the data directory if
 * there is no PostgreSQL.
 */
export async function openClusterStores(
  circumstances: Circumstances,
  { url }: Pick<EventStore, 'url'>,
): Promise<ClusterStores> {
  const prefix = `bench-${Date.now().toString(36)}-${process.pid}-${logs++}.`;
  const log = { EVENT_LOG: 'eventstoredb', EVENTSTOREDB_URL: url, EVENTSTOREDB_PREFIX: prefix };
  const postgres = await openPostgres(circumstances);
  if ('absent' in postgres)
    return {
      env: { ...log, READ_MODELS: 'sqlite', KEY_STORE: 'file' },
      prefix,
      readModels: 'SQLite',
      end: () => Promise.resolve(),
    };
  const env = {
    ...log,
    READ_MODELS: 'postgres',
    KEY_STORE: 'postgres',
    POSTGRES_URL: postgres.url,
  };
  return { env, prefix, readModels: postgres.name, end: () => postgres.end() };
}
