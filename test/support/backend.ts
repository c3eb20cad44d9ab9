import { createHash } from 'node:crypto';
import pg from 'pg';

/**
 * The environment of the stores of the services under test. By default everything is in the data
 * directory. With `SEKISHO_BACKEND=cluster` the log is on the EventStoreDB of `EVENTSTOREDB_URL`
 * and the rest on the PostgreSQL of `POSTGRES_URL`: services with the same data directory share a
 * stream prefix and a database, as they would share the directory's files.
 */
export const backend: 'embedded' | 'cluster' =
  process.env['SEKISHO_BACKEND'] === 'cluster' ? 'cluster' : 'embedded';

export async function backendOf(dataDir: string): Promise<Readonly<Record<string, string>>> {
  if (backend === 'embedded') return {};
  const name = `t${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  return {
    EVENT_LOG: 'eventstoredb',
    EVENTSTOREDB_URL: needed('EVENTSTOREDB_URL'),
    EVENTSTOREDB_PREFIX: `${name}.`,
    READ_MODELS: 'postgres',
    KEY_STORE: 'postgres',
    POSTGRES_URL: await database(name),
  };
}

const made = new Map<string, Promise<string>>();

/** Creates the data directory's own database on the test's server, once. */
function database(name: string): Promise<string> {
  const url = made.get(name) ?? create(name);
  made.set(name, url);
  return url;
}

async function create(name: string): Promise<string> {
  const url = new URL(needed('POSTGRES_URL'));
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    // The name is hexadecimal and needs no quotes. Another test process may have created the
    // database for the same directory.
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  url.pathname = `/${name}`;
  return url.href;
}

function needed(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`SEKISHO_BACKEND=cluster needs ${variable}`);
  return value;
}
