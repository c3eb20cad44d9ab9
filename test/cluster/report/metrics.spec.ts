import { describe, expect, it } from '@jest/globals';
import { longestGap, percentile } from './metrics.js';

describe('the longest gap in service', () => {
  it.each([
    ['between two commands', [10, 20, 50, 60], 0, 70, { fromMs: 20, ms: 30 }],
    ['before the first', [40, 50], 0, 60, { fromMs: 0, ms: 40 }],
    ['after the last', [10, 20], 0, 100, { fromMs: 20, ms: 80 }],
    ['of a run in which nothing was done', [], 5, 100, { fromMs: 5, ms: 95 }],
    ['without what came before and after', [-50, 10, 200], 0, 20, { fromMs: 0, ms: 10 }],
    ['in any order of recording', [30, 10], 0, 40, { fromMs: 10, ms: 20 }],
  ])('is the one %s', (_where, served, from, to, gap) => {
    expect(longestGap(served, from, to)).toEqual(gap);
  });
});

describe('a percentile', () => {
  it.each([
    [50, [3, 1, 2], 2],
    [50, [4, 1, 2, 3], 2],
    [100, [1, 9, 5], 9],
    [99, [7], 7],
    [50, [], undefined],
  ])('%d of %j is %s', (percent, values, value) => {
    expect(percentile(values, percent)).toBe(value);
  });
});
