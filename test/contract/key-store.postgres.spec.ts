import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PostgresKeyStore } from '../../libs/platform/keys/postgres-key-store.js';
import type { Postgres } from '../../libs/platform/postgres/postgres.js';
import { describePostgres, freshSchema } from '../support/postgres.js';
import { keyStoreContract } from './key-store.contract.js';

describePostgres('keys on PostgreSQL', (url) => {
  keyStoreContract('PostgreSQL', async () => {
    const { schema, dispose } = await freshSchema(url);
    const open = () => PostgresKeyStore.open({ url, schema });
    return { store: await open(), open, dispose };
  });

  describe('a key that was destroyed', () => {
    const MINE = { subject: 'customer:2', generation: 1 };

    it.each([
      ['has read the keys', 'keys', true],
      ['has read something else', 'generations', false],
    ])(
      'is pending while a REPEATABLE READ transaction is open only if that %s',
      async (_what, table, pending) => {
        const { postgres, schema, dispose } = await freshSchema(url);
        const store = await PostgresKeyStore.open({ url, schema });
        const kept = await store.ensure('customer:1');
        const { key } = await store.ensure('customer:2');
        await postgres.transaction(
          async (session) => {
            await session.query(`SELECT count(*) FROM ${schema}.${table}`);
            await store.mark(MINE);
            const from = performance.now();
            const destroyed = store.destroy([MINE]);
            if (pending) await expect(destroyed).rejects.toMatchObject({ name: 'ErasurePending' });
            else await destroyed;
            expect(performance.now() - from).toBeLessThan(3_000);
            expect(await store.find('customer:2', 1)).toBeUndefined();
            expect((await heapOf(postgres, schema)).includes(key)).toBe(pending);
            // A waiting erasure does not block other subjects.
            expect(await store.ensure('customer:1')).toEqual(kept);
          },
          { isolation: 'REPEATABLE READ' },
        );
        await store.destroy([MINE]);
        await store.settle(MINE);
        expect((await heapOf(postgres, schema)).includes(key)).toBe(false);
        expect((await heapOf(postgres, schema)).includes(kept.key)).toBe(true);
        await store.close();
        await dispose();
      },
    );

    it('is verified again when an earlier release destroyed it', async () => {
      const { postgres, schema, dispose } = await freshSchema(url);
      await (await PostgresKeyStore.open({ url, schema })).close();
      await postgres.query(`ALTER TABLE ${schema}.generations DROP COLUMN ordered_by`);
      await postgres.query(
        `INSERT INTO ${schema}.generations VALUES ('customer:2', 1, true, true), ('customer:3', 1, false, false)`,
      );
      await postgres.query(`UPDATE ${schema}.schema_version SET version = 1`);
      const store = await PostgresKeyStore.open({ url, schema });
      expect(await store.unfinished()).toEqual([MINE]);
      await store.close();
      await dispose();
    });

    it('is no longer in any file of a table', async () => {
      const { postgres, schema, dispose } = await freshSchema(url);
      const store = await PostgresKeyStore.open({ url, schema });
      const kept = await store.ensure('customer:1');
      const { key } = await store.ensure('customer:2');
      await postgres.query('CHECKPOINT');
      const [row] = await postgres.query("SELECT current_setting('data_directory') AS data");
      const data = String(row?.['data']);
      // The server may be on another machine: then its files cannot be read.
      const readable = holds(data, kept.key);
      if (readable) expect(holds(data, key)).toBe(true);
      await store.mark(MINE);
      await store.destroy([MINE]);
      await postgres.query('CHECKPOINT');
      expect(holds(data, key)).toBe(false);
      expect(holds(data, kept.key)).toBe(readable);
      await store.close();
      await dispose();
    });
  });
});

/** The bytes of the table's file. The tests' user may be able to read the server's files. */
async function heapOf(postgres: Postgres, schema: string): Promise<Buffer> {
  await postgres.query('CHECKPOINT');
  const [row] = await postgres.query(
    'SELECT pg_read_binary_file(pg_relation_filepath($1)) AS bytes',
    [`${schema}.keys`],
  );
  return row!['bytes'] as Buffer;
}

/**
 * Whether any file of the databases has these bytes; files that cannot be read or were removed are
 * skipped.
 */
function holds(data: string, bytes: Buffer): boolean {
  const folders = existing(() => readdirSync(join(data, 'base'))) ?? [];
  const files = folders.flatMap((folder) => {
    const path = join(data, 'base', folder);
    return (existing(() => readdirSync(path)) ?? []).map((file) => join(path, file));
  });
  return files.some((file) => existing(() => readFileSync(file))?.includes(bytes));
}

function existing<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}
