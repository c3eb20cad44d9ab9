import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileKeyStore } from '../../libs/platform/keys/file-key-store.js';
import { MemoryKeyStore } from '../../libs/platform/keys/memory-key-store.js';
import { keyStoreContract } from './key-store.contract.js';

keyStoreContract('a file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sekisho-keys-'));
  const open = () => FileKeyStore.open(join(directory, 'keys.db'));
  return {
    store: open(),
    open: async () => open(),
    dispose: () => rm(directory, { recursive: true }),
  };
});

keyStoreContract('memory', async () => {
  const store = new MemoryKeyStore();
  return { store, open: async () => store, dispose: async () => undefined };
});
