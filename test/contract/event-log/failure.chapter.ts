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
      '%s rejects all of the batch, leaves nothing, and the log goes on when it is mended',
      async (_, where, name) => {
        const told: string[] = [];
        bench.log.onCommitted((events) => told.push(...events.map((event) => event.stream)));
        await bench.log.append(appendOf('a', -1));

        const { mend } = bench.tested.fail!(where);
        expect(await settle(batchWith('Poison'))).toEqual({
          fulfilled: 0,
          errors: [name, name, name, name],
        });
        expect(await all(bench.log)).toHaveLength(1);
        expect(await bench.log.revisionOf(stream('new'))).toBe(-1);

        mend();
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
        expect(told).toEqual(['a', 'a', 'new', 'b', 'b', 'c']);
      },
    );

    it('whose answer was lost leaves its outcome unknown; the same append again tells, and listeners hear of it once', async () => {
      const told: number[] = [];
      bench.log.onCommitted((events) => told.push(...events.map(({ position }) => position)));
      const append = appendOf('a', -1, { events: [{}, {}] });

      const { mend } = bench.tested.fail!('after-commit');
      await expect(bench.log.append(append)).rejects.toHaveProperty('name', 'OutcomeUnknown');
      mend();

      expect((await bench.log.append(append)).repeated).toBe(true);
      await bench.log.append(appendOf('a', 1));
      expect(told).toEqual([0, 1, 2]);
      expect(await all(bench.log)).toHaveLength(3);
    });
  });
}
