import { describe, expect, it } from '@jest/globals';
import { Backoff } from './backoff.js';

describe('tries again after a failure', () => {
  it.each([
    ['at the earliest', 0, [50, 100, 200, 400, 800, 1000, 1000]],
    ['at the latest', 1, [100, 200, 400, 800, 1600, 2000, 2000]],
  ])('doubling up to two seconds: %s', (_what, random, waits) => {
    const retries = new Backoff(() => random);
    expect(waits.map(() => retries.failed(new Error('away')))).toEqual(waits);
  });

  it('tells for how long it has failed, and begins anew after a success', () => {
    const retries = new Backoff(() => 1);
    expect(retries.succeeded()).toBe(false);
    const error = new Error('away');
    retries.failed(error);
    retries.failed(error);
    expect(retries.failure).toMatchObject({ error });
    expect(retries.succeeded()).toBe(true);
    expect(retries.failure).toBeUndefined();
    expect(retries.failed(error)).toBe(100);
  });
});
