import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type * as Scripts from '../../../scripts/postgres-server.mjs';

/** A PostgreSQL server: an existing one, or a temporary one that can be crashed. */
export interface PostgresServer {
  readonly url: string;
  /** Only for a temporary server: crashes it and keeps it down for this time. */
  readonly crashFor?: (ms: number) => Promise<void>;
  dispose(): Promise<void>;
}

export async function postgres(root: string, given: string | undefined): Promise<PostgresServer> {
  if (given) return { url: given, dispose: () => Promise.resolve() };
  // By its path: this file runs from its compiled location.
  const { startPostgres } = (await import(
    pathToFileURL(join(root, 'scripts', 'postgres-server.mjs')).href
  )) as typeof Scripts;
  const server = await startPostgres();
  return {
    url: server.url,
    crashFor: async (ms) => {
      await server.crash();
      await new Promise((resolve) => setTimeout(resolve, ms));
      await server.start();
    },
    dispose: () => server.dispose(),
  };
}

/** Creates a database; `drop` removes it. */
export async function database(
  serverUrl: string,
  name: string,
): Promise<{ readonly url: string; drop(): Promise<void> }> {
  await run(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await run(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => run(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

export async function serverVersion(url: string): Promise<string> {
  const { rows } = await query(url, 'SHOW server_version');
  return `PostgreSQL ${String(rows[0]?.['server_version']).split(' ')[0]}`;
}

const run = async (url: string, sql: string): Promise<void> => void (await query(url, sql));

/** `sql` must contain names that the test chose itself. */
async function query(url: string, sql: string): Promise<pg.QueryResult<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query<Record<string, unknown>>(sql);
  } finally {
    await client.end();
  }
}
