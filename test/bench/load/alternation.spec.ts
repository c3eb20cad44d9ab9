import { describe, expect, it } from '@jest/globals';
import { alternate } from './alternation.js';

describe('alternating works', () => {
  it.each([
    [1_000, 500, ['a', 'b', 'c', 'c', 'b', 'a']],
    [1_500, 500, ['a', 'b', 'c', 'c', 'b', 'a', 'a', 'b', 'c']],
    [499, 500, ['a', 'b', 'c']],
    [501, 500, ['a', 'b', 'c', 'c', 'b', 'a']],
  ])(
    'run for %d ms in slices of %d ms, forwards and then backwards',
    async (forMs, sliceMs, order) => {
      const done: string[] = [];
      const work = (name: string) => async (ms: number) => `${name} ${done.push(name)} for ${ms}`;
      const slices = await alternate(
        { a: work('a'), b: work('b'), c: work('c') },
        { forMs, sliceMs },
      );
      expect(done).toEqual(order);
      expect(slices.b).toEqual(
        order.flatMap((name, index) => (name === 'b' ? [`b ${index + 1} for ${sliceMs}`] : [])),
      );
    },
  );
});
