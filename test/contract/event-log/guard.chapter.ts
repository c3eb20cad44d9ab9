import { describe, expect, it } from '@jest/globals';
import type { Bench } from '../event-log.contract.js';
import { appendOf, stream } from '../sample-events.js';

export function guardChapter(bench: Bench): void {
  if (bench.guards === 'none') {
    it('refuses an append with guards, because it cannot check them', async () => {
      const guards = [{ stream: stream('program'), revision: -1 }];
      await expect(bench.log.append(appendOf('a', -1, { guards }))).rejects.toHaveProperty(
        'name',
        'UnfitEvent',
      );
      expect(await bench.log.head()).toBe(-1);
    });
    return;
  }

  describe('guards', () => {
    it.each([
      [-1, -1, true],
      [0, -1, false],
      [0, 1, false],
      [1, 1, true],
      [2, 1, false],
    ])(
      'checks a guard at %i of a stream at %i: appended %s',
      async (revision, actual, appended) => {
        if (actual >= 0) await bench.log.append(appendOf('partner-p', -1, { events: [{}, {}] }));
        const guarded = bench.log.append(
          appendOf('a', -1, { guards: [{ stream: stream('partner-p'), revision }] }),
        );
        if (appended) await expect(guarded).resolves.toHaveProperty('repeated', false);
        else
          await expect(guarded).rejects.toMatchObject({
            name: 'GuardMoved',
            stream: 'partner-p',
            expected: revision,
            actual,
          });
        expect(await bench.log.revisionOf(stream('a'))).toBe(appended ? 0 : -1);
      },
    );

    it('fails if one of many guards has moved', async () => {
      await bench.log.append(appendOf('b', -1));
      const guards = ['c', 'b', 'd'].map((name) => ({ stream: stream(name), revision: -1 }));
      await expect(bench.log.append(appendOf('a', -1, { guards }))).rejects.toMatchObject({
        name: 'GuardMoved',
        stream: 'b',
      });
    });

    it('sees earlier appends of the same batch to the guarded stream, and no later ones', async () => {
      const guards = [{ stream: stream('program'), revision: -1 }];
      const outcomes = await Promise.allSettled([
        bench.log.append(appendOf('a', -1, { guards })),
        bench.log.append(appendOf('program', -1)),
        bench.log.append(appendOf('b', -1, { guards })),
        bench.log.append(
          appendOf('c', -1, { guards: [{ stream: stream('program'), revision: 0 }] }),
        ),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
    });

    it('recognises a repeated append whose guards have moved since', async () => {
      const append = appendOf('a', -1, { guards: [{ stream: stream('program'), revision: -1 }] });
      await bench.log.append(append);
      await bench.log.append(appendOf('program', -1));
      await expect(bench.log.append(append)).resolves.toHaveProperty('repeated', true);
    });

    if (!bench.shared) return;
    it('fails when a second process has moved the guarded stream', async () => {
      const second = await bench.tested.openSecond!();
      const guard = (revision: number) => ({ guards: [{ stream: stream('program'), revision }] });
      await bench.log.append(appendOf('program', -1));
      await bench.log.append(appendOf('a', -1, guard(0)));
      await second.append(appendOf('program', 0));
      await expect(bench.log.append(appendOf('a', 0, guard(0)))).rejects.toMatchObject({
        name: 'GuardMoved',
        actual: 1,
      });
      await expect(bench.log.append(appendOf('a', 0, guard(1)))).resolves.toHaveProperty(
        'repeated',
        false,
      );
    });
  });
}
