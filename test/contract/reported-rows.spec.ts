import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocal } from '../../libs/read-models/local/open-local.js';
import { SqliteReadModelStore } from '../../libs/read-models/sqlite/sqlite-read-model-store.js';
import { reportedRowsContract } from './reported-rows.contract.js';

reportedRowsContract('SQLite', async (log) => {
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-reported-rows-'));
  const openStore = async () => SqliteReadModelStore.open(join(folder, 'read-models.db'));
  const { readModels, wake } = openLocal({
    log,
    store: await openStore(),
    holder: 'test',
    project: true,
    report: () => undefined,
  });
  const stop = log.onCommitted(() => wake());
  const close = async (): Promise<void> => {
    stop();
    await readModels.close();
    await rm(folder, { recursive: true });
  };
  return { readModels, openStore, close };
});
