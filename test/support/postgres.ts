import { randomBytes } from 'node:crypto';
import { describe, it } from '@jest/globals';
import { quoted } from '../../libs/platform/postgres/session.js';
import { Postgres } from '../../libs/platform/postgres/postgres.js';

/**
 * Suites that need a PostgreSQL server run only if this is set; `npm run test:postgres` starts a
 * server for them.
 */
export const postgresUrl: string | undefined = process.env['POSTGRES_URL'] || undefined;

/** The suite if there is a server, otherwise a skipped test that names the missing variable. */
export function describePostgres(name: string, suite: (url: string) => void): void {
  const url = postgresUrl;
  if (url !== undefined) describe(name, () => suite(url));
  else
    describe(name, () =>
      it.skip('needs PostgreSQL: POSTGRES_URL is not set (npm run test:postgres starts a server)', () =>
        undefined),
    );
}

export const freshSchemaName = (): string => `sekisho_test_${randomBytes(6).toString('hex')}`;

export interface FreshSchema {
  readonly postgres: Postgres;
  readonly schema: string;
  /** Drops the schema and closes the connections. */
  readonly dispose: () => Promise<void>;
}

/** Connections, and the name of a separate schema. */
export async function freshSchema(url: string, maxConnections = 5): Promise<FreshSchema> {
  const postgres = await Postgres.open({ url, applicationName: 'sekisho test', maxConnections });
  const schema = freshSchemaName();
  return {
    postgres,
    schema,
    dispose: async () => {
      await postgres.query(`DROP SCHEMA IF EXISTS ${quoted(schema)} CASCADE`);
      await postgres.close();
    },
  };
}
