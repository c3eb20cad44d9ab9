import { describe, expect, it } from '@jest/globals';
import type { Bench } from '../event-log.contract.js';
import { all, appendOf, settle, stream } from '../sample-events.js';

/** For logs whose commits a test can make fail. */
export function failureChapter(bench: Bench): void {
  if (!bench.canFail) return;
  const batchWith = (poison: string) => [
    bench.log.append(appendOf('a', 0)),
    bench.log.append(appendOf('new', -1)),
    bench.log.append(appendOf('b', -1, { events: [{}, { type: poison }] })),
    bench.log.append(appendOf('c', -1)),
  ];

  describe('a commit that fails', () => {
    it.each([
      ['in the middle of its batch', { atType: 'Poison' }, 'LogUnavailable'],
      ['at its end', 'at-commit', 'OutcomeUnknown'],
    ] as const)(
      '%s rejects the whole batch and appends nothing, and the log works again once the fault is fixed',
      async (_, where, name) => {
        const published: string[] = [];
        bench.log.onCommitted((events) => published.push(...events.map((event) => event.stream)));
        await bench.log.append(appendOf('a', -1));

        const { repair } = bench.tested.fail!(where);
        expect(await settle(batchWith('Poison'))).toEqual({
          fulfilled: 0,
          errors: [name, name, name, name],
        });
        expect(await all(bench.log)).toHaveLength(1);
        expect(await bench.log.revisionOf(stream('new'))).toBe(-1);

        repair();
        expect(await settle(batchWith('Poison'))).toEqual({ fulfilled: 4, errors: [] });
        expect(
          (await all(bench.log)).map(({ position, stream, revision }) => [
            position,
            stream,
            revision,
          ]),
        ).toEqual([
          [0, 'a', 0],
          [1, 'a', 1],
          [2, 'new', 0],
          [3, 'b', 0],
          [4, 'b', 1],
          [5, 'c', 0],
        ]);
        expect(published).toEqual(['a', 'a', 'new', 'b', 'b', 'c']);
      },
    );

    it('has an unknown outcome when its answer was lost; the repeated append returns it, and listeners are called once', async () => {
      const published: number[] = [];
      bench.log.onCommitted((events) => published.push(...events.map(({ position }) => position)));
      const append = appendOf('a', -1, { events: [{}, {}] });

      const { repair } = bench.tested.fail!('after-commit');
      await expect(bench.log.append(append)).rejects.toHaveProperty('name', 'OutcomeUnknown');
      repair();

      expect((await bench.log.append(append)).repeated).toBe(true);
      await bench.log.append(appendOf('a', 1));
      expect(published).toEqual([0, 1, 2]);
      expect(await all(bench.log)).toHaveLength(3);
    });
  });
}
