import { describe, expect, it } from '@jest/globals';
import { Backoff } from './backoff.js';

describe('Backoff', () => {
  it.each([
    ['at the least', 0, [50, 100, 200, 400, 800, 1000, 1000]],
    ['at the most', 1, [100, 200, 400, 800, 1600, 2000, 2000]],
  ])('doubles its pauses up to the longest: %s', (_case, random, pauses) => {
    const backoff = new Backoff(100, 2_000, () => random);
    expect(pauses.map(() => backoff.nextMs())).toEqual(pauses);
  });

  it('begins with the first pause again after a reset', () => {
    const backoff = new Backoff(100, 2_000, () => 1);
    backoff.nextMs();
    backoff.nextMs();
    backoff.reset();
    expect(backoff.nextMs()).toBe(100);
  });
});
