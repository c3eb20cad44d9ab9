import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStoresContract } from './open-stores.contract.js';

openStoresContract('SQLite', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sekisho-stores-'));
  return { at: { kind: 'sqlite', dataDir }, dispose: () => rm(dataDir, { recursive: true }) };
});
