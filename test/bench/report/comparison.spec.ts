import { describe, expect, it } from '@jest/globals';
import { compared, type Comparison, spreadOf, verdictOn } from './comparison.js';

const comparison = (ratios: readonly number[], more: Partial<Comparison> = {}): Comparison => ({
  id: 'row',
  work: 'ours',
  beside: 'a peer',
  unit: '/s',
  rounds: ratios.map((ratio) => ({ ours: ratio * 200, beside: 200 })),
  ...more,
});

describe('a comparison', () => {
  it.each([
    [[0.5, 0.5, 0.5, 0.5, 0.5], { atLeast: 0.5 }, 'met'],
    [[0.5, 0.49, 0.49, 0.49, 0.4], { atLeast: 0.5 }, 'met within the spread'],
    [[0.49, 0.49, 0.49, 0.49, 0.4], { atLeast: 0.5 }, 'not met'],
    [[4, 4, 4, 1, 9], { atMost: 4 }, 'met'],
    [[4, 4.5, 4.5, 5, 9], { atMost: 4 }, 'met within the spread'],
    [[4.5, 4.5, 4.5, 5, 9], { atMost: 4 }, 'not met'],
  ] as const)('of %j with the target %j is %s', (ratios, target, verdict) => {
    expect(verdictOn(comparison(ratios, { target }))).toBe(verdict);
  });

  it('without a target has no verdict', () => {
    expect(verdictOn(comparison([1]))).toBeUndefined();
  });

  it('uses the ratios of its rounds, not the ratio of its medians', () => {
    const rounds = [
      { ours: 1, beside: 10 },
      { ours: 20, beside: 20 },
      { ours: 30, beside: 100 },
    ];
    expect(compared(comparison([], { rounds })).median).toBe(0.3);
  });

  it('may be a difference', () => {
    const rounds = [{ ours: 1_500, beside: 600 }];
    const start = comparison([], { rounds, by: 'difference', target: { atMost: 899 } });
    expect([compared(start).median, verdictOn(start)]).toEqual([900, 'not met']);
  });

  it.each([
    [[3, 1, 2], { median: 2, lowest: 1, highest: 3 }],
    [[4, 1, 3, 2], { median: 2, lowest: 1, highest: 4 }],
    [[7], { median: 7, lowest: 7, highest: 7 }],
  ])('spreads %j', (values, spread) => {
    expect(spreadOf(values)).toEqual(spread);
  });
});
