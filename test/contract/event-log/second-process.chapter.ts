import { describe, expect, it } from '@jest/globals';
import type { EventLog } from '../../../libs/event-log/event-log.js';
import type { Bench } from '../event-log.contract.js';
import { repeats } from '../../support/repeats.js';
import { all, appendOf, followUntil, settle, stream } from '../sample-events.js';

/**
 * For logs that several processes can use at once. A second connection stands in for a second
 * process.
 */
export function secondProcessChapter(bench: Bench): void {
  if (!bench.shared) return;
  const withSecond = (
    what: string,
    test: (first: EventLog, second: EventLog) => Promise<void>,
  ): void =>
    it(what, async () => {
      await test(bench.log, await bench.tested.openSecond!());
    });

  describe('a second process', () => {
    withSecond(
      'appends to the same streams, and each refuses what the other has overtaken',
      async (first, second) => {
        await first.append(appendOf('a', -1));
        await second.append(appendOf('a', 0));
        await expect(first.append(appendOf('a', 0))).rejects.toMatchObject({
          name: 'WrongRevision',
          actual: 1,
        });
        await first.append(appendOf('a', 1));
        await expect(second.append(appendOf('a', 1))).rejects.toMatchObject({
          name: 'WrongRevision',
          actual: 2,
        });
        expect((await all(second)).map(({ position, revision }) => [position, revision])).toEqual([
          [0, 0],
          [1, 1],
          [2, 2],
        ]);
      },
    );

    withSecond('wins or loses a first append, never both', async (first, second) => {
      await expect(first.append(appendOf('a', 0))).rejects.toHaveProperty('actual', -1);
      const { fulfilled } = await settle(
        [first, second, first, second].map((log) => log.append(appendOf('a', -1))),
      );
      expect(fulfilled).toBe(1);
      expect(await first.revisionOf(stream('a'))).toBe(0);
    });

    withSecond("recognises the other's command", async (first, second) => {
      const append = appendOf('a', -1);
      const { events } = await first.append(append);
      expect(await second.append(append)).toEqual({ events, repeated: true });
    });

    withSecond(
      "receives the other's commits before its own, in the log's order",
      async (first, second) => {
        const published: number[] = [];
        first.onCommitted((events) => published.push(...events.map(({ position }) => position)));
        await first.append(appendOf('a', -1));
        await second.append(appendOf('b', -1, { events: [{}, {}] }));
        await second.append(appendOf('b', 1));
        await first.append(appendOf('a', 0));
        expect(published).toEqual([0, 1, 2, 3, 4]);
      },
    );

    withSecond('receives commits of the other when it catches up', async (first, second) => {
      const published: number[] = [];
      first.onCommitted((events) => published.push(...events.map(({ position }) => position)));
      await second.append(appendOf('b', -1));
      await first.catchUp();
      expect(published).toEqual([0]);
      await first.catchUp();
      expect(published).toEqual([0]);
    });

    withSecond(
      'receives commits of the other within 100 ms without catching up',
      async (first, second) => {
        const followed = followUntil(first, { after: -1 }, (events) => events.length === 1).then(
          () => performance.now(),
        );
        await second.append(appendOf('b', -1));
        const committed = performance.now();
        // Twice the promised time: the test machine is shared.
        expect((await followed) - committed).toBeLessThan(200);
      },
    );

    withSecond('does not record an earlier time than the other process', async (first, second) => {
      await first.append(appendOf('a', -1));
      bench.nowMs -= 10_000;
      if (bench.remote) await second.catchUp();
      const { events } = await second.append(appendOf('b', -1));
      expect(events[0]!.recordedAt).toBe('2026-11-22T10:00:00.000Z');
    });

    withSecond(
      'shares the log with the first under load: nothing lost, nothing twice, all in order',
      async (first, second) => {
        const [receivedFirst, receivedSecond]: [number[], number[]] = [[], []];
        first.onCommitted((events) =>
          receivedFirst.push(...events.map(({ position }) => position)),
        );
        second.onCommitted((events) =>
          receivedSecond.push(...events.map(({ position }) => position)),
        );
        const count = repeats('LOG_SHARED_WRITERS', { usual: bench.remote ? 8 : 20, full: 20 });
        const appends = repeats('LOG_SHARED_APPENDS', { usual: bench.remote ? 10 : 20, full: 20 });
        const writers = Array.from({ length: count }, async (_, writer) => {
          const log = writer % 2 === 0 ? first : second;
          for (let revision = -1; revision < appends - 1; revision++)
            await log.append(appendOf(`w-${writer}`, revision));
        });
        await Promise.all(writers);
        await Promise.all([first.catchUp(), second.catchUp()]);

        const positions = Array.from({ length: count * appends }, (_, position) => position);
        expect((await all(first)).map(({ position }) => position)).toEqual(positions);
        expect(receivedFirst).toEqual(positions);
        expect(receivedSecond).toEqual(positions);
      },
    );
  });
}
