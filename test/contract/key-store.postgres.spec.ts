import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { PostgresKeyStore } from '../../libs/platform/keys/postgres-key-store.js';
import { describePostgres, freshSchema } from '../support/postgres.js';
import { keyStoreContract } from './key-store.contract.js';

describePostgres('keys on PostgreSQL', (url) => {
  keyStoreContract('PostgreSQL', async () => {
    const { schema, dispose } = await freshSchema(url);
    const open = () => PostgresKeyStore.open({ url, schema });
    return { store: await open(), open, dispose };
  });

  describe('a key that was destroyed', () => {
    it('is in no file of a table any more', async () => {
      const { postgres, schema, dispose } = await freshSchema(url);
      const store = await PostgresKeyStore.open({ url, schema });
      const kept = await store.ensure('customer:1');
      const { key } = await store.ensure('customer:2');
      await postgres.query('CHECKPOINT');
      const [row] = await postgres.query("SELECT current_setting('data_directory') AS data");
      const data = String(row?.['data']);
      // The server may be another machine's: then there is nothing to look at.
      const readable = holds(data, kept.key);
      if (readable) expect(holds(data, key)).toBe(true);
      await store.mark('customer:2', 1);
      await store.destroy('customer:2', 1);
      await postgres.query('CHECKPOINT');
      expect(holds(data, key)).toBe(false);
      expect(holds(data, kept.key)).toBe(readable);
      await store.close();
      await dispose();
    });
  });
});

/** Whether any file of the databases has these bytes. */
function holds(data: string, bytes: Buffer): boolean {
  const pattern = [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  return spawnSync('grep', ['-rlaP', pattern, `${data}/base`], { encoding: 'latin1', env: { ...process.env, LC_ALL: 'C' } }).stdout !== '';
}
