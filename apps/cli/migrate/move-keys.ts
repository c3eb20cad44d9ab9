import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../../../libs/platform/configuration.js';
import { FileKeyStore } from '../../../libs/platform/keys/file-key-store.js';

/**
 * With KEY_STORE=postgres, moves the keys of sealed data and the numbers of destroyed keys. Returns
 * how many; undefined if the keys stay in the file.
 */
export async function moveKeys({ keyStore, dataDir }: Configuration): Promise<number | undefined> {
  if (keyStore.kind === 'file') return undefined;
  const file = join(dataDir, 'keys.db');
  if (!existsSync(file)) return 0;

  const { PostgresKeyStore } = await import('../../../libs/platform/keys/postgres-key-store.js');
  const from = FileKeyStore.open(file);
  const to = await PostgresKeyStore.open({ url: keyStore.url });
  try {
    let moved = 0;
    for await (const kept of from.all()) {
      await to.adopt(kept);
      moved += 1;
    }
    return moved;
  } finally {
    await to.close();
    await from.close();
  }
}
