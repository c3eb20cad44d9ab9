import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ReadModelStore, ProjectionBuild } from '../store.js';
import { BuildLookups } from './build-lookups.js';

/** A store that counts its calls and answers when the test releases it. */
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

describe('lookups of the builds', () => {
  let store: SlowStore;
  let looks: BuildLookups;
  beforeEach(() => {
    store = new SlowStore();
    looks = new BuildLookups(store as unknown as ReadModelStore);
  });

  it('share one read among simultaneous callers', async () => {
    const asked = Array.from({ length: 50 }, () => looks.now());
    expect(store.asked).toBe(1);
    store.answer();
    expect(new Set((await Promise.all(asked)).map(([build]) => build!.id))).toEqual(new Set([1]));
    void looks.now();
    expect(store.asked).toBe(2);
  });

  it('start a new read after a commit, which an older read does not include', async () => {
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

  it('wake all waiting callers together, after a while or at a commit', async () => {
    const { commits: turn } = looks;
    await Promise.all(Array.from({ length: 50 }, () => looks.next(turn)));
    const rested = looks.next(turn);
    looks.ring();
    await rested;
    // The commit preceded the wait, so the next read can begin at once.
    await looks.next(turn);
  });

  it('try again after a failed read', async () => {
    const failing = new BuildLookups({
      builds: async () => Promise.reject(new Error('away')),
    } as unknown as ReadModelStore);
    await expect(failing.now()).rejects.toThrow('away');
    await expect(failing.now()).rejects.toThrow('away');
  });
});
