import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate } from '../../libs/platform/postgres/migrate.js';
import { Postgres } from '../../libs/platform/postgres/postgres.js';
import { migrateReadModels } from '../../libs/read-models/postgres/schema.js';
import { openStores } from '../../libs/read-models/composition/open-stores.js';
import { describePostgres, type FreshSchema, freshSchema } from '../support/postgres.js';

const quiet = () => undefined;

describePostgres('opening PostgreSQL', (url) => {
  let fresh: FreshSchema;
  beforeEach(async () => {
    fresh = await freshSchema(url);
  });
  afterEach(() => fresh.dispose());

  const versions = async () =>
    (await fresh.postgres.query(`SELECT version FROM ${fresh.schema}.schema_version`)).map(
      (row) => row['version'],
    );
  const open = () => openStores({ kind: 'postgres', url, schema: fresh.schema }, quiet);

  describe('the schema', () => {
    it('is created once, however many open it at once', async () => {
      const opened = await Promise.all(Array.from({ length: 8 }, open));
      expect(await versions()).toEqual([1]);
      expect(await fresh.postgres.query(`SELECT name FROM ${fresh.schema}.lease`)).toHaveLength(1);
      expect(await Promise.all(opened.map(({ store }) => store.builds()))).toEqual(
        opened.map(() => []),
      );
      for (const { close } of opened) await close();
    });

    it('is created once by connections that found it missing before', async () => {
      const pools = await Promise.all(
        Array.from({ length: 8 }, () =>
          Postgres.open({ url, applicationName: 'sekisho test', maxConnections: 1 }),
        ),
      );
      for (let round = 0; round < 12; round++) {
        const schema = `${fresh.schema}_${round}`;
        await Promise.all(pools.map((postgres) => migrateReadModels(postgres, schema)));
        expect(await fresh.postgres.query(`SELECT version FROM ${schema}.schema_version`)).toEqual([
          { version: 1 },
        ]);
        await fresh.postgres.query(`DROP SCHEMA ${schema} CASCADE`);
      }
      for (const pool of pools) await pool.close();
    }, 60_000);

    const steps = (log: string[], ...named: readonly string[]) =>
      named.map((name) => (schema: string) => {
        log.push(name);
        return name === 'broken'
          ? `CREATE TABLE ${schema}.half (id int8); SELECT 1 / 0`
          : `CREATE TABLE ${schema}.${name} (id int8); INSERT INTO ${schema}.${name} VALUES (1)`;
      });

    it('is migrated on from where a failed start stopped: each step whole, and once', async () => {
      const { postgres, schema } = fresh;
      const ran: string[] = [];
      const attempt = (...named: readonly string[]) =>
        migrate(postgres, { schema, steps: steps(ran, ...named), ifNewer: '' });
      await expect(attempt('first', 'broken')).rejects.toThrow('division by zero');
      expect(await versions()).toEqual([1]);
      await attempt('first', 'second', 'third');
      expect(await versions()).toEqual([3]);
      expect(ran).toEqual(['first', 'broken', 'second', 'third']);
      const [half] = await postgres.query('SELECT to_regclass($1) AS there', [`${schema}.half`]);
      expect(half?.['there']).toBeNull();
      await attempt('first', 'second', 'third');
      expect(ran).toHaveLength(4);
    });

    it('of a newer release is refused, and left unchanged', async () => {
      const { postgres, schema } = fresh;
      await (await open()).close();
      await postgres.query(`UPDATE ${schema}.schema_version SET version = 99`);
      await expect(open()).rejects.toMatchObject({
        name: 'PostgresRefused',
        message: expect.stringContaining('has version 99, of a newer release'),
      });
      await expect(open()).rejects.toThrow('Start the newer release');
      expect(await versions()).toEqual([99]);
    });
  });

  describe('an error while opening says what to do, and discloses no secret', () => {
    const secret = new URL(url).password;
    const changed = (change: (to: URL) => void): string => {
      const to = new URL(url);
      change(to);
      return to.href;
    };
    const openAt = (where: string) =>
      Postgres.open({ url: where, applicationName: 'sekisho test', openWithinMs: 300 });
    const failure = async (where: string): Promise<Error> =>
      openAt(where).then(
        async (postgres) => {
          await postgres.close();
          throw new Error('it opened');
        },
        (error: Error) => error,
      );

    it.each([
      [
        'a wrong password',
        (to: URL) => (to.password = 'not-the-password'),
        'PostgresRefused',
        'Correct POSTGRES_URL',
      ],
      ['no password', (to: URL) => (to.password = ''), 'PostgresRefused', 'Correct POSTGRES_URL'],
      [
        'an unknown user',
        (to: URL) => (to.username = 'nobody'),
        'PostgresRefused',
        'Correct POSTGRES_URL',
      ],
      [
        'no such database',
        (to: URL) => (to.pathname = '/nowhere'),
        'PostgresRefused',
        '"nowhere" does not exist',
      ],
      [
        'a server that is away',
        (to: URL) => (to.port = '1'),
        'PostgresUnavailable',
        'Is it running, and is POSTGRES_URL right?',
      ],
      [
        'an unknown host',
        (to: URL) => (to.hostname = 'nowhere.invalid'),
        'PostgresUnavailable',
        'nowhere.invalid',
      ],
      [
        'a server without TLS',
        (to: URL) => to.searchParams.set('sslmode', 'verify-full'),
        'PostgresRefused',
        'SSL',
      ],
    ])('%s', async (_what, change, name, says) => {
      const error = await failure(changed(change));
      expect(error).toMatchObject({ name, message: expect.stringContaining(says) });
      expect(error.message).toMatch(/^PostgreSQL at \S+:\d+\/\w+ /);
      const all = `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)} ${JSON.stringify(error.cause)}`;
      expect(all).not.toContain(secret);
      expect(all).not.toContain('not-the-password');
    });

    it.each(['', 'localhost:5432', 'mysql://sekisho:geheim@host/db', 'postgres//x:geheim@y'])(
      'is reported for an invalid URL: %j',
      async (text) => {
        const error = await failure(text);
        expect(error).toMatchObject({
          name: 'PostgresRefused',
          message: expect.stringContaining('postgres://user:password@host:5432/database'),
        });
        expect(error.message).not.toContain('geheim');
      },
    );
  });

  describe('a value that is read', () => {
    it.each([9_007_199_254_740_993n, -1n, 2n ** 63n - 1n])('is exact: %s', async (number) => {
      expect(await fresh.postgres.query('SELECT $1::int8 AS number', [number])).toEqual([
        { number },
      ]);
    });
  });

  describe('a transaction', () => {
    it('that failed is not taken for committed', async () => {
      const swallowed = fresh.postgres.transaction(async (session) => {
        await session.query('SELECT 1 / 0').catch(quiet);
      });
      await expect(swallowed).rejects.toThrow('rolled back');
    });

    it('is repeated after a deadlock with another', async () => {
      const { postgres, schema } = fresh;
      await postgres.query(`CREATE SCHEMA ${schema}`);
      await postgres.query(
        `CREATE TABLE ${schema}.meeting AS SELECT * FROM (VALUES (1, 0), (2, 0)) rows (id, visits)`,
      );
      let attempts = 0;
      let holding = 0;
      let bothHoldARow: () => void = () => undefined;
      const met = new Promise<void>((resolve) => (bothHoldARow = resolve));
      const visit = (first: number, second: number) =>
        postgres.transaction(async (session) => {
          attempts += 1;
          const update = `UPDATE ${schema}.meeting SET visits = visits + 1 WHERE id = $1`;
          await session.query(update, [first]);
          if (++holding === 2) bothHoldARow();
          await met;
          await session.query(update, [second]);
        });
      await Promise.all([visit(1, 2), visit(2, 1)]);
      expect(attempts).toBeGreaterThan(2);
      expect(await postgres.query(`SELECT visits FROM ${schema}.meeting`)).toEqual([
        { visits: 2 },
        { visits: 2 },
      ]);
    });
  });
});
