import { describe, expect, it } from '@jest/globals';
import { LogFollower } from './log-follower.js';

describe('LogFollower', () => {
  it('reports the last error until the next success', async () => {
    const errors = [new Error('away'), new Error('still away')];
    const hasFailedTwice = Promise.withResolvers<true>();
    const follower = new LogFollower({
      begin: async () => undefined,
      follow: async () => {
        const error = errors.shift();
        if (error) throw error;
      },
      isFatal: (_error): _error is Error => false,
      stopped: () => undefined,
      failed: () => (errors.length === 0 ? hasFailedTwice.resolve(true) : undefined),
    });
    expect(follower.succeeded()).toBe(false);
    await follower.start();
    await hasFailedTwice.promise;

    expect(follower.failure?.error).toMatchObject({ message: 'still away' });
    expect(follower.failure?.forMs).toBeGreaterThan(0);
    expect(follower.succeeded()).toBe(true);
    expect(follower.failure).toBeUndefined();
    await follower.stop();
  });
});
