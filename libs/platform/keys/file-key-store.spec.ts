import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileKeyStore } from './file-key-store.js';

describe('the file key store', () => {
  let folder: string;
  let file: string;
  let store: FileKeyStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keys-'));
    file = join(folder, 'keys.db');
    store = FileKeyStore.open(file);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('makes a key once, also for two stores on one file', async () => {
    const other = FileKeyStore.open(file);
    const [a, b] = await Promise.all([store.ensure('customer:1'), other.ensure('customer:1')]);
    expect(a.key.equals(b.key)).toBe(true);
    expect(a.generation).toBe(1);
    await other.close();
  });

  it('is readable by its owner only', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('hands out a new generation once the present one is marked, also when another process marked it', async () => {
    const other = FileKeyStore.open(file);
    const first = await store.ensure('customer:1');
    await other.mark('customer:1', 1);
    const second = await store.ensure('customer:1');
    expect(second.generation).toBe(2);
    expect(second.key.equals(first.key)).toBe(false);
    expect(await store.find('customer:1', 1)).toBeDefined();
    expect(await store.marked()).toEqual([{ subject: 'customer:1', generation: 1 }]);
    await other.close();
  });

  it('leaves nothing of a destroyed key in its files', async () => {
    const { key, generation } = await store.ensure('customer:1');
    await store.mark('customer:1', generation);
    await store.destroy('customer:1', generation);
    expect(await store.find('customer:1', generation)).toBeUndefined();
    expect(await store.marked()).toEqual([]);
    expect(readFileSync(file).includes(key)).toBe(false);
    expect(readFileSync(`${file}-wal`).includes(key)).toBe(false);
  });

  it('knows no key of a subject that has none', async () => {
    expect(await store.generations('customer:9')).toEqual([]);
    expect(await store.find('customer:9', 1)).toBeUndefined();
  });
});
