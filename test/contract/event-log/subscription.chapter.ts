import { describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../event-log.contract.js';
import { all, appendOf, fill, followUntil } from '../sample-events.js';
import { repeats } from '../../support/repeats.js';

export function subscriptionChapter(bench: Bench): void {
  describe('subscribe', () => {
    it('catches up and then follows', async () => {
      await fill(bench.log, 'a', 700);
      const followed = followUntil(bench.log, { after: 9 }, (events) => events.length === 693);
      await delay(20);
      await bench.log.append(appendOf('b', -1, { events: [{}, {}] }));
      await bench.log.append(appendOf('b', 1));
      expect((await followed).map(({ position }) => position)).toEqual(
        Array.from({ length: 693 }, (_, place) => place + 10),
      );
    });

    it('changes from catching up to following without a gap or a repetition, under load, from any position', async () => {
      const before = repeats('LOG_FOLLOWED', { usual: 600, full: 1_200 });
      await fill(bench.log, 'a', before);
      const writerCount = repeats('LOG_WRITERS', { usual: 8, full: 30 });
      const appends = repeats('LOG_APPENDS', { usual: 10, full: 20 });
      const total = before + writerCount * appends;
      const followers = [-1, 0, 499, 500, before - 2, before - 1].map((after) =>
        followUntil(bench.log, { after }, (_, through) => through === total - 1),
      );
      const late: typeof followers = [];
      const writers = Array.from({ length: writerCount }, async (_, writer) => {
        for (let revision = -1; revision < appends - 1; revision++) {
          await bench.log.append(appendOf(`w-${writer}`, revision));
          if (revision === writer % (appends - 1))
            late.push(
              followUntil(bench.log, { after: writer * 40 }, (_, through) => through === total - 1),
            );
        }
      });
      await Promise.all(writers);

      const log = await all(bench.log);
      for (const events of await Promise.all([...followers, ...late])) {
        expect(events.length).toBeGreaterThan(0);
        expect(events).toEqual(log.slice(events[0]!.position));
      }
    });

    it('waits for a consumer that is slower than the writer', async () => {
      const seen: number[] = [];
      const abort = new AbortController();
      const consumer = (async () => {
        for await (const { events, through } of bench.log.subscribe({
          after: -1,
          signal: abort.signal,
        })) {
          seen.push(...events.map(({ position }) => position));
          await delay(3);
          if (through === 99) abort.abort();
        }
      })();
      for (let revision = -1; revision < 99; revision++)
        await bench.log.append(appendOf('a', revision));
      await consumer;
      expect(seen).toEqual(Array.from({ length: 100 }, (_, position) => position));
    });

    it('returns the matching events and the position through which the log was read', async () => {
      await fill(bench.log, 'a', 10);
      await bench.log.append(appendOf('b', -1, { events: [{ type: 'Rare' }] }));
      const followed = followUntil(
        bench.log,
        { after: -1, types: ['Rare'] },
        (events, through) => events.length === 2 && through === 13,
      );
      await delay(10);
      await bench.log.append(appendOf('b', 0, { events: [{}, { type: 'Rare' }] }));
      await bench.log.append(appendOf('b', 2));
      expect((await followed).map(({ position }) => position)).toEqual([10, 12]);
    });

    it('ends at once when it is aborted while waiting, or was aborted before', async () => {
      const abort = new AbortController();
      const waiting = followAll(abort.signal);
      await delay(10);
      abort.abort();
      expect(await waiting).toBe(0);
      expect(await followAll(AbortSignal.abort())).toBe(0);
    });

    it('ends when the log is closed', async () => {
      const waiting = followAll(new AbortController().signal);
      await delay(10);
      await bench.log.close();
      expect(await waiting).toBe(0);
    });

    const followAll = async (signal: AbortSignal): Promise<number> => {
      let pages = 0;
      for await (const _ of bench.log.subscribe({ after: -1, signal })) pages++;
      return pages;
    };
  });
}
