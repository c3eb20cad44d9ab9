import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KeyName, KeyStore } from '../../libs/platform/keys/key-store.js';

export interface KeyStoreUnderTest {
  readonly store: KeyStore;
  /** Another process on the same keys. */
  readonly open: () => Promise<KeyStore>;
  readonly dispose: () => Promise<void>;
}

async function erase(store: KeyStore, key: KeyName): Promise<void> {
  await store.destroy([key]);
  await store.settle(key);
}

/** The contract of every key store. */
export function keyStoreContract(name: string, make: () => Promise<KeyStoreUnderTest>): void {
  describe(`the key store contract: ${name}`, () => {
    let tested: KeyStoreUnderTest;
    let store: KeyStore;
    let other: KeyStore;
    beforeEach(async () => {
      tested = await make();
      store = tested.store;
      other = await tested.open();
    });
    afterEach(async () => {
      await other.close();
      await store.close();
      await tested.dispose();
    });

    it('makes a key of 32 bytes, and returns the same key afterwards', async () => {
      const made = await store.ensure('customer:1');
      expect(made).toMatchObject({ subject: 'customer:1', generation: 1 });
      expect(made.key).toHaveLength(32);
      expect(await store.ensure('customer:1')).toEqual(made);
      expect(await other.find('customer:1', 1)).toEqual(made);
      expect((await store.ensure('partner:1')).key).not.toEqual(made.key);
    });

    it('has one key, whichever process asks first and however many ask at once', async () => {
      for (let round = 0; round < 8; round++) {
        const made = await Promise.all(
          Array.from({ length: 16 }, (_, index) =>
            (index % 2 ? store : other).ensure(`customer:${round}`),
          ),
        );
        for (const one of made) expect(one).toEqual(made[0]);
        expect(await store.generations(`customer:${round}`)).toEqual([1]);
      }
    });

    it('keeps keys when it is closed', async () => {
      const made = await store.ensure('customer:1');
      await store.mark({ subject: 'customer:1', generation: 1 });
      const later = await tested.open();
      expect(await later.find('customer:1', 1)).toEqual(made);
      expect(await later.unfinished()).toEqual([{ subject: 'customer:1', generation: 1 }]);
      await later.close();
    });

    it('returns a new generation once the current one is marked, also when another process marked it', async () => {
      const first = await store.ensure('customer:1');
      await other.mark({ subject: 'customer:1', generation: 1 });
      const second = await store.ensure('customer:1');
      expect(second.generation).toBe(2);
      expect(second.key).not.toEqual(first.key);
      expect(await store.find('customer:1', 1)).toEqual(first);
      expect(await store.generations('customer:1')).toEqual([1, 2]);
      expect(await store.unfinished()).toEqual([{ subject: 'customer:1', generation: 1 }]);
    });

    it('takes over keys, marks and the numbers of destroyed keys from another store', async () => {
      const source = await make();
      for (const subject of ['customer:1', 'customer:2', 'partner:1'])
        await source.store.ensure(subject);
      await source.store.mark({ subject: 'customer:2', generation: 1 });
      const marked = await source.store.find('customer:2', 1);
      await source.store.mark({ subject: 'customer:1', generation: 1 });
      await erase(source.store, { subject: 'customer:1', generation: 1 });
      const second = await source.store.ensure('customer:1');
      await source.store.mark({ subject: 'partner:1', generation: 1 });
      await erase(source.store, { subject: 'partner:1', generation: 1 });

      for (let time = 0; time < 2; time++)
        for await (const kept of source.store.all()) await store.adopt(kept);

      expect(await store.find('customer:1', 1)).toBeUndefined();
      expect(await store.ensure('customer:1')).toEqual(second);
      expect(await store.find('customer:2', 1)).toEqual(marked);
      expect(await store.unfinished()).toEqual([{ subject: 'customer:2', generation: 1 }]);
      expect((await store.ensure('partner:1')).generation).toBe(2);
      await source.store.close();
      await source.dispose();
    });

    it('refuses the keys of another log', async () => {
      const own = await store.ensure('customer:1');
      const foreign = {
        subject: 'customer:1',
        generation: 1,
        key: Buffer.alloc(32, 7),
        marked: false,
        settled: false,
      };
      await expect(store.adopt(foreign)).rejects.toMatchObject({ name: 'KeysDiffer' });
      expect(await store.ensure('customer:1')).toEqual(own);
    });

    it('makes one new generation however many ask at once after a mark', async () => {
      for (let generation = 1; generation <= 5; generation++) {
        const made = await Promise.all(
          Array.from({ length: 8 }, (_, index) => (index % 2 ? store : other).ensure('customer:1')),
        );
        for (const one of made) expect(one).toEqual({ ...made[0]!, generation });
        await store.mark({ subject: 'customer:1', generation: generation });
      }
    });

    it('knows nothing of a destroyed key except that it was destroyed', async () => {
      await store.ensure('customer:1');
      await store.mark({ subject: 'customer:1', generation: 1 });
      const second = await store.ensure('customer:1');
      await erase(other, { subject: 'customer:1', generation: 1 });
      expect(await store.find('customer:1', 1)).toBeUndefined();
      expect(await store.generations('customer:1')).toEqual([2]);
      expect(await store.unfinished()).toEqual([]);
      expect(await store.ensure('customer:1')).toEqual(second);
    });

    it('does not return the key of an unfinished erasure until it is settled, and keeps who ordered it first', async () => {
      const key = { subject: 'customer:1', generation: 1 };
      await store.ensure('customer:1');
      await store.mark(key, 'key:operator');
      await store.mark(key, 'key:other');
      await store.settle(key);
      expect(await other.unfinished()).toEqual([{ ...key, orderedBy: 'key:operator' }]);
      await store.destroy([key]);
      expect(await other.find('customer:1', 1)).toBeUndefined();
      expect(await other.generations('customer:1')).toEqual([1]);
      expect(await other.unfinished()).toEqual([{ ...key, orderedBy: 'key:operator' }]);
      await other.destroy([key]);
      await other.settle(key);
      expect(await store.unfinished()).toEqual([]);
      expect(await store.generations('customer:1')).toEqual([]);
    });

    it('destroys a key of the current number again after a copy of the keys was restored', async () => {
      await store.ensure('customer:1');
      await erase(store, { subject: 'customer:1', generation: 1 });
      const restored = await make();
      await restored.store.adopt({
        subject: 'customer:1',
        generation: 1,
        key: Buffer.alloc(32, 7),
        marked: true,
        settled: true,
      });
      await restored.store.destroy([{ subject: 'customer:1', generation: 1 }]);
      expect(await restored.store.find('customer:1', 1)).toBeUndefined();
      expect(await restored.store.unfinished()).toHaveLength(1);
      await restored.store.close();
      await restored.dispose();
    });

    it('never uses a generation twice, also after all were destroyed', async () => {
      await store.ensure('customer:1');
      await erase(store, { subject: 'customer:1', generation: 1 });
      await erase(store, { subject: 'customer:1', generation: 1 });
      expect(await store.generations('customer:1')).toEqual([]);
      expect(await store.ensure('customer:1')).toMatchObject({ generation: 2 });
    });

    it('knows no key of a subject that has none', async () => {
      expect(await store.generations('customer:9')).toEqual([]);
      expect(await store.find('customer:9', 1)).toBeUndefined();
      await store.mark({ subject: 'customer:9', generation: 1 });
      await erase(store, { subject: 'customer:9', generation: 1 });
      expect(await store.unfinished()).toEqual([]);
      expect(await store.ensure('customer:9')).toMatchObject({ generation: 1 });
    });
  });
}
