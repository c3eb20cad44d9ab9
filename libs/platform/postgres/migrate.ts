import { PostgresRefused } from './errors.js';
import { quoted } from './identifiers.js';
import type { Postgres } from './postgres.js';
import type { Session } from './session.js';

export interface Migrations {
  /** PostgreSQL's schema: everything is in it, and nothing else. */
  readonly schema: string;
  /** What brings version n to n + 1, in order: SQL that names its tables with this schema. Released ones are never changed. */
  readonly steps: readonly ((schema: string) => string)[];
  /** What an operator can do beside running the newer release. */
  readonly ifNewer: string;
}

/** "SKSO": tells this program's advisory locks from others' in the same database. */
const LOCKS = 0x534b534f;

/**
 * Brings the schema to this release's version. Each step is one transaction under one lock, so many processes may start at once, and
 * one that dies leaves a whole version behind, from which the next goes on.
 */
export async function migrate(postgres: Postgres, migrations: Migrations): Promise<void> {
  const { schema, steps } = migrations;
  // The usual start asks for no lock, and needs no right to create anything.
  if ((await versionOf(postgres, schema)) === steps.length) return;
  for (let done = false; !done;) {
    done = await postgres.transaction((session) => oneStep(session, postgres.address, migrations), { long: true });
  }
}

/** Whether there was nothing left to do. */
async function oneStep(session: Session, address: string, { schema, steps, ifNewer }: Migrations): Promise<boolean> {
  await session.query('SELECT pg_advisory_xact_lock($1::int, hashtext($2))', [LOCKS, schema]);
  const version = await versionFromNowOn(session, schema);
  if (version > steps.length) {
    throw new PostgresRefused(
      `The schema "${schema}" at ${address} has version ${version}, of a newer release; this one knows ${steps.length}. ${ifNewer}`,
    );
  }
  const step = steps[version];
  if (!step) return true;
  await session.query(step(quoted(schema)));
  await session.query(`UPDATE ${quoted(schema)}.schema_version SET version = $1`, [version + 1]);
  return version + 1 === steps.length;
}

async function versionOf(session: Session, schema: string): Promise<number | undefined> {
  const table = `${quoted(schema)}.schema_version`;
  const [found] = await session.query('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
  if (found?.['there'] !== true) return undefined;
  const [row] = await session.query(`SELECT version FROM ${table}`);
  return row && Number(row['version']);
}

/**
 * Under the lock. Whether the table is there is left to CREATE: what this connection remembers of the catalogue is from before it
 * waited for the lock, and another process may have created the table since.
 */
async function versionFromNowOn(session: Session, schema: string): Promise<number> {
  const table = `${quoted(schema)}.schema_version`;
  await session.query(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`);
  await session.query(`CREATE TABLE IF NOT EXISTS ${table} (version integer NOT NULL)`);
  await session.query(`INSERT INTO ${table} SELECT 0 WHERE NOT EXISTS (SELECT FROM ${table})`);
  const [row] = await session.query(`SELECT version FROM ${table}`);
  return Number(row?.['version']);
}
