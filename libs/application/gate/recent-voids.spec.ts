import { describe, expect, it } from '@jest/globals';
import { RecentVoids } from './recent-voids.js';

describe('recent voids', () => {
  it('are kept up to a limit; the oldest two are merged into one that covers both', () => {
    const voids = new RecentVoids();
    for (let order = 0; order < 300; order += 1) voids.add(order, order + 1_000);
    expect(voids.all).toHaveLength(256);
    expect(voids.all[0]).toEqual({ order: 0, voided: 1_044 });
    expect(voids.all.at(-1)).toEqual({ order: 299, voided: 1_299 });
  });
});
