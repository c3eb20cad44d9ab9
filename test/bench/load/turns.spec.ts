import { describe, expect, it } from '@jest/globals';
import { takeTurns } from './turns.js';

describe('works that take turns', () => {
  it.each([
    [1_000, 500, ['a', 'b', 'c', 'c', 'b', 'a']],
    [1_500, 500, ['a', 'b', 'c', 'c', 'b', 'a', 'a', 'b', 'c']],
    [499, 500, ['a', 'b', 'c']],
    [501, 500, ['a', 'b', 'c', 'c', 'b', 'a']],
  ])('for %d ms in slices of %d ms go forwards and backwards', async (forMs, sliceMs, order) => {
    const done: string[] = [];
    const work = (name: string) => async (ms: number) => `${name} ${done.push(name)} for ${ms}`;
    const slices = await takeTurns(
      { a: work('a'), b: work('b'), c: work('c') },
      { forMs, sliceMs },
    );
    expect(done).toEqual(order);
    expect(slices.b).toEqual(
      order.flatMap((name, index) => (name === 'b' ? [`b ${index + 1} for ${sliceMs}`] : [])),
    );
  });
});
