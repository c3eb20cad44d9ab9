import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type * as PostgresServers from '../../../scripts/postgres-server.mjs';
import type { Circumstances } from '../chapters/chapter.js';

/** A new database on a PostgreSQL server. */
export interface Postgres {
  readonly url: string;
  /** The server's name for the table. */
  readonly name: string;
  /** The settings that affect its rates. */
  readonly settings: string;
  end(): Promise<void>;
}

export interface NoPostgresHere {
  readonly absent: string;
}

/**
 * Uses the server of POSTGRES_URL, otherwise starts one for the run, with its data on the project's
 * disk.
 */
export async function openPostgres(
  circumstances: Pick<Circumstances, 'root' | 'directory'>,
): Promise<Postgres | NoPostgresHere> {
  const given = process.env['POSTGRES_URL'];
  return given ? databaseOf(given) : started(circumstances);
}

async function started({
  root,
  directory,
}: Pick<Circumstances, 'root' | 'directory'>): Promise<Postgres | NoPostgresHere> {
  // Scripts are not compiled into the bench's folder.
  const { NoPostgres, startPostgres } = (await import(
    pathToFileURL(join(root, 'scripts', 'postgres-server.mjs')).href
  )) as typeof PostgresServers;
  try {
    const server = await startPostgres({ directory });
    return { url: server.url, ...(await described(server.url)), end: () => server.dispose() };
  } catch (error) {
    if (error instanceof NoPostgres) return { absent: error.message };
    throw error;
  }
}

let databases = 0;

async function databaseOf(given: string): Promise<Postgres> {
  // The name needs no quotes.
  const name = `sekisho_bench_${process.pid}_${databases++}`;
  await on(given, (client) => client.query(`CREATE DATABASE ${name}`));
  const url = new URL(given);
  url.pathname = `/${name}`;
  const drop = (): Promise<unknown> =>
    on(given, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
  return { url: url.href, ...(await described(url.href)), end: async () => void (await drop()) };
}

async function described(url: string): Promise<Pick<Postgres, 'name' | 'settings'>> {
  const show = (name: string): Promise<string> =>
    on(url, async (client) => {
      const { rows } = await client.query<Record<string, string>>(`SHOW ${name}`);
      return rows[0]?.[name] ?? '';
    });
  const [version = ''] = (await show('server_version')).split(' ');
  const settings = ['fsync', 'synchronous_commit', 'wal_sync_method', 'shared_buffers'];
  const values: string[] = [];
  for (const name of settings) values.push(`${name}=${await show(name)}`);
  return { name: `PostgreSQL ${version}`, settings: values.join(', ') };
}

async function on<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
