import { PostgresRefused } from './errors.js';
import type { Postgres } from './postgres.js';
import { quoted, type Session } from './session.js';

export interface Migrations {
  /** PostgreSQL's schema, which contains all tables and nothing else. */
  readonly schema: string;
  /**
   * The steps from version n to n + 1, in order: SQL that names its tables with this schema.
   * Released steps never change.
   */
  readonly steps: readonly ((schema: string) => string)[];
  /** What an operator can do if a newer release has migrated the schema. */
  readonly ifNewer: string;
}

/** "SKSO": distinguishes this program's advisory locks from others in the same database. */
const LOCKS = 0x534b534f;

/**
 * Migrates the schema to this release's version. Each step is one transaction under one lock, so
 * many processes may start at once. If one dies, the schema has a complete version, from which the
 * next process continues.
 */
export async function migrate(postgres: Postgres, migrations: Migrations): Promise<void> {
  const { schema, steps } = migrations;
  // The usual start takes no lock, and needs no right to create anything.
  if ((await versionOf(postgres, schema)) === steps.length) return;
  for (let done = false; !done;) {
    done = await postgres.transaction((session) => oneStep(session, postgres.address, migrations), {
      long: true,
    });
  }
}

/** Runs the next step; returns whether it was the last. */
async function oneStep(
  session: Session,
  address: string,
  { schema, steps, ifNewer }: Migrations,
): Promise<boolean> {
  await session.query('SELECT pg_advisory_xact_lock($1::int, hashtext($2))', [LOCKS, schema]);
  const version = (await versionOf(session, schema)) ?? (await create(session, schema));
  if (version > steps.length) {
    throw new PostgresRefused(
      `The schema "${schema}" at ${address} has version ${version}, of a newer release; this release supports version ${steps.length}. ${ifNewer}`,
    );
  }
  const step = steps[version];
  if (!step) return true;
  await session.query(step(quoted(schema)));
  await session.query(`UPDATE ${quoted(schema)}.schema_version SET version = $1`, [version + 1]);
  return version + 1 === steps.length;
}

/**
 * Reads the catalogue itself: a connection's cache of names (`to_regclass`, IF NOT EXISTS) may be
 * older than the lock that it waited for. Reading the catalogue refreshes that cache.
 */
async function versionOf(session: Session, schema: string): Promise<number | undefined> {
  const [there] = await session.query(
    `SELECT FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
     WHERE nspname = $1 AND relname = 'schema_version'`,
    [schema],
  );
  if (!there) return undefined;
  const [row] = await session.query(`SELECT version FROM ${quoted(schema)}.schema_version`);
  return Number(row?.['version']);
}

async function create(session: Session, schema: string): Promise<number> {
  await session.query(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`);
  await session.query(`CREATE TABLE ${quoted(schema)}.schema_version (version integer NOT NULL)`);
  await session.query(`INSERT INTO ${quoted(schema)}.schema_version VALUES (0)`);
  return 0;
}
