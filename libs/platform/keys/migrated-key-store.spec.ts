import { describe, expect, it } from '@jest/globals';
import { MigratedKeyStore } from './migrated-key-store.js';
import { MemoryKeyStore } from './memory-key-store.js';

describe('keys that were migrated from a file', () => {
  it('are destroyed in the file too, and made in the new store only', async () => {
    const [moved, left] = [new MemoryKeyStore(), new MemoryKeyStore()];
    const name = { subject: 'customer:1', generation: 1 };
    await left.ensure('customer:1');
    for await (const kept of left.all()) await moved.adopt(kept);
    const keys = new MigratedKeyStore(moved, left);
    await keys.ensure('customer:2');
    expect(await left.generations('customer:2')).toEqual([]);

    await keys.mark(name, 'key:operator');
    await keys.destroy([name]);
    expect([await left.find('customer:1', 1), await moved.find('customer:1', 1)]).toEqual([
      undefined,
      undefined,
    ]);
    await keys.settle(name);
    expect([await left.unfinished(), await keys.unfinished()]).toEqual([[], []]);
  });
});
