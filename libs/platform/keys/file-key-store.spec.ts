import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FileKeyStore } from './file-key-store.js';
import type { SubjectKey } from './key-store.js';

const MINE = { subject: 'customer:1', generation: 1 };

describe('the file key store', () => {
  let folder: string;
  let file: string;
  let store: FileKeyStore;
  const opened: { close: () => unknown }[] = [];
  const open = (): FileKeyStore => {
    const one = FileKeyStore.open(file);
    opened.push(one);
    return one;
  };
  /** Another program that has the file open: a backup, a script. */
  const connect = (): DatabaseSync => {
    const one = new DatabaseSync(file);
    opened.push(one);
    return one;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keys-'));
    file = join(folder, 'keys.db');
    store = open();
  });
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
    rmSync(folder, { recursive: true });
  });

  /** Whether any file has the key or a piece of it. */
  const isThere = ({ key }: SubjectKey): boolean => {
    // In a separate process: closing a file here would release SQLite's locks on it.
    const bytes = execFileSync('cat', [...readdirSync(folder)], { cwd: folder });
    return [0, 8, 16, 24].some((at) => bytes.includes(key.subarray(at, at + 8)));
  };
  const reading = (): DatabaseSync => {
    const reader = connect();
    reader.exec('BEGIN; SELECT count(*) FROM keys;');
    return reader;
  };

  it('removes a destroyed key from its files, and keeps the other keys', async () => {
    const key = await store.ensure('customer:1');
    const kept = await store.ensure('customer:2');
    await store.mark(MINE);
    await store.destroy([MINE]);
    expect([isThere(key), isThere(kept)]).toEqual([false, true]);
    expect(await store.find('customer:2', 1)).toEqual(kept);
  });

  it.each([
    ['before the key was made', false],
    ['after it', true],
  ])(
    'reports an erasure as pending at once while a transaction reads that began %s',
    async (_when, after) => {
      await store.ensure('customer:0');
      const early = after ? undefined : reading();
      const key = await store.ensure('customer:1');
      const reader = early ?? reading();
      const from = performance.now();
      for (let time = 0; time < 2; time += 1)
        await expect(store.destroy([MINE])).rejects.toMatchObject({ name: 'ErasurePending' });
      expect(performance.now() - from).toBeLessThan(2_000);
      expect(await store.find('customer:1', 1)).toBeUndefined();
      expect(isThere(key)).toBe(true);

      reader.exec('COMMIT');
      await store.destroy([MINE]);
      expect(isThere(key)).toBe(false);
    },
  );

  it('does not wait for a reader with each of many erasures', async () => {
    const names = Array.from({ length: 40 }, (_, index) => ({
      subject: `customer:${index}`,
      generation: 1,
    }));
    for (const { subject } of names) await store.ensure(subject);
    const reader = reading();
    const from = performance.now();
    const erased = Promise.allSettled(names.map((name) => store.destroy([name])));
    await store.ensure('customer:new');
    expect((await erased).every(({ status }) => status === 'rejected')).toBe(true);
    expect(performance.now() - from).toBeLessThan(5_000);
    reader.exec('COMMIT');
    await store.destroy(names);
  });

  it('makes keys, and does not block this thread, while an erasure waits for a reader', async () => {
    await store.ensure('customer:1');
    const reader = reading();
    let longestMs = 0;
    let last = performance.now();
    const ticking = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 5);
    const destroyed = expect(store.destroy([MINE])).rejects.toMatchObject({
      name: 'ErasurePending',
    });
    await Promise.all([destroyed, store.ensure('customer:2'), open().ensure('customer:3')]);
    clearInterval(ticking);
    reader.exec('COMMIT');
    expect(longestMs).toBeLessThan(150);
  });

  it('completes an erasure in another process, which does not know the bytes of the key', async () => {
    const key = await store.ensure('customer:1');
    const reader = reading();
    await expect(store.destroy([MINE])).rejects.toMatchObject({ name: 'ErasurePending' });
    await store.close();
    await expect(open().destroy([MINE])).rejects.toMatchObject({ name: 'ErasurePending' });
    reader.exec('COMMIT');
    await open().destroy([MINE]);
    expect(isThere(key)).toBe(false);
  });

  it('finds a stale copy of the key in an unused part of the file, and rewrites the file', async () => {
    const key = await store.ensure('customer:1');
    // A stale copy, as SQLite leaves it in a page that it splits: a table that is dropped without
    // `secure_delete`.
    const other = connect();
    other.exec('PRAGMA secure_delete = OFF; CREATE TABLE copy (key BLOB)');
    other.prepare('INSERT INTO copy VALUES (?)').run(key.key);
    other.exec('DROP TABLE copy');
    await store.destroy([MINE]);
    expect(isThere(key)).toBe(false);
  });

  it('verifies a key again that an earlier release destroyed', async () => {
    await store.close();
    rmSync(file);
    const old = connect();
    old.exec(`CREATE TABLE keys (subject TEXT NOT NULL, generation INTEGER NOT NULL, key BLOB, marked INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (subject, generation)) WITHOUT ROWID, STRICT; INSERT INTO keys VALUES ('customer:1', 1, NULL, 1), ('customer:2', 1, x'00', 0)`);
    expect(await open().unfinished()).toEqual([MINE]);
  });

  it('is soon unavailable while another process keeps writing', async () => {
    const writer = connect();
    writer.exec('BEGIN IMMEDIATE');
    const hasty = FileKeyStore.open(file, { writeWithinMs: 50 });
    opened.push(hasty);
    await expect(hasty.ensure('customer:1')).rejects.toMatchObject({ name: 'KeysUnavailable' });
    writer.exec('COMMIT');
    expect(await hasty.ensure('customer:1')).toMatchObject(MINE);
  });

  it('has files that only their owner can read, also if others could read them before', async () => {
    await store.ensure('customer:1');
    const modes = () =>
      ['', '-wal', '-shm'].map((ending) => (statSync(file + ending).mode & 0o777).toString(8));
    expect(modes()).toEqual(['600', '600', '600']);
    for (const ending of ['', '-wal', '-shm']) chmodSync(file + ending, 0o666);
    open();
    expect(modes()).toEqual(['600', '600', '600']);
  });

  it('takes no lock and starts no thread for reading', async () => {
    const writer = connect();
    writer.exec('BEGIN IMMEDIATE');
    expect(await open().find('customer:9', 1)).toBeUndefined();
    writer.exec('COMMIT');
    await store.close();
    expect(existsSync(file)).toBe(true);
  });
});
