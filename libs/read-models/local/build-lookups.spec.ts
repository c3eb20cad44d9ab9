import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ReadModelStore, ProjectionBuild } from '../store.js';
import { BuildLookups } from './build-lookups.js';

/** A store that counts how often it is asked, and answers when it is told to. */
class SlowStore {
  asked = 0;
  answer: () => void = () => undefined;

  builds(): Promise<readonly ProjectionBuild[]> {
    this.asked += 1;
    const { asked } = this;
    return new Promise((resolve) => {
      this.answer = () => resolve([{ id: asked } as ProjectionBuild]);
    });
  }
}

describe('looks at the runs', () => {
  let store: SlowStore;
  let looks: BuildLookups;
  beforeEach(() => {
    store = new SlowStore();
    looks = new BuildLookups(store as unknown as ReadModelStore);
  });

  it('is one for all who ask while it is under way', async () => {
    const asked = Array.from({ length: 50 }, () => looks.now());
    expect(store.asked).toBe(1);
    store.answer();
    expect(new Set((await Promise.all(asked)).map(([build]) => build!.id))).toEqual(new Set([1]));
    void looks.now();
    expect(store.asked).toBe(2);
  });

  it('begins anew after a ring, which an older one cannot tell of', async () => {
    const before = looks.now();
    const { answer } = store;
    looks.ring();
    const after = looks.now();
    expect(store.asked).toBe(2);
    answer();
    store.answer();
    expect([(await before)[0]!.id, (await after)[0]!.id]).toEqual([1, 2]);
    void looks.now();
    expect(store.asked).toBe(3);
  });

  it('wakes all who wait for the next one together, after a while or at a ring', async () => {
    const { commits: turn } = looks;
    await Promise.all(Array.from({ length: 50 }, () => looks.next(turn)));
    const rested = looks.next(turn);
    looks.ring();
    await rested;
    // The ring came before the wait: there is something to see already.
    await looks.next(turn);
  });

  it('is tried again after one that failed', async () => {
    const failing = new BuildLookups({
      runs: async () => Promise.reject(new Error('away')),
    } as unknown as ReadModelStore);
    await expect(failing.now()).rejects.toThrow('away');
    await expect(failing.now()).rejects.toThrow('away');
  });
});
