import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadModelFile } from '../../libs/read-models/sqlite/read-model-file.js';
import { SqliteReadModelStore } from '../../libs/read-models/sqlite/sqlite-read-model-store.js';
import { readModelStoreContract } from './read-model-store.contract.js';

readModelStoreContract('SQLite', async (nowMs) => {
  const directory = await mkdtemp(join(tmpdir(), 'sekisho-read-models-'));
  const open = () =>
    new SqliteReadModelStore(new ReadModelFile(join(directory, 'read-models.db')), nowMs);
  const [store, second] = [open(), open()];
  return {
    store,
    second,
    dispose: async () => {
      await store.close();
      await second.close();
      await rm(directory, { recursive: true });
    },
  };
});
