import { describe, expect, it } from '@jest/globals';
import { LatestUsed } from './latest-used.js';

describe('the latest used entries', () => {
  it('are kept up to the bound; the longest unused goes', () => {
    const kept = new LatestUsed<string, number>(2);
    kept.set('a', 1);
    kept.set('b', 2);
    expect(kept.get('a')).toBe(1);
    kept.set('c', 3);
    expect([kept.has('a'), kept.has('b'), kept.has('c')]).toEqual([true, false, true]);
  });

  it('are replaced in place, and forgotten when told', () => {
    const kept = new LatestUsed<string, number>(1);
    kept.set('a', 1);
    kept.set('a', 2);
    expect(kept.get('a')).toBe(2);
    kept.delete('a');
    expect(kept.get('a')).toBeUndefined();
  });
});
