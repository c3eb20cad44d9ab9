import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ReadAll, ReadStream } from '../../../libs/event-log/event-log.js';
import type { Bench } from '../event-log.contract.js';
import { all, appendOf, collect, collectPages, fill, stream } from '../sample-events.js';
import { inFull, repeats } from '../../support/repeats.js';

export function readChapter(bench: Bench): void {
  describe('readStream', () => {
    // a0 b0 a1 b1 … a9 b9: revision r of a is at position 2r.
    beforeEach(async () => {
      for (let revision = -1; revision < 9; revision++) {
        await bench.log.append(appendOf('a', revision));
        await bench.log.append(appendOf('b', revision));
      }
    });

    // One test for all rows: filling a new log for each took most of the time.
    const asked: readonly [string, ReadStream, number[]][] = [
      ['all events', {}, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
      ['from a revision, inclusive', { from: 7 }, [7, 8, 9]],
      ['from after the end', { from: 10 }, []],
      ['a number of events', { from: 2, limit: 3 }, [2, 3, 4]],
      ['none', { limit: 0 }, []],
      ['backwards', { direction: 'backwards', limit: 3 }, [9, 8, 7]],
      ['backwards from a revision, inclusive', { direction: 'backwards', from: 2 }, [2, 1, 0]],
      ['backwards from 0', { direction: 'backwards', from: 0 }, [0]],
      ['as known at its own position', { upTo: 6 }, [0, 1, 2, 3]],
      ['as known one position earlier', { upTo: 5 }, [0, 1, 2]],
      ['the last as known at a position', { upTo: 5, direction: 'backwards', limit: 1 }, [2]],
      ['as known before the first event', { upTo: -1 }, []],
    ];
    it('returns the requested events of one stream, in its order', async () => {
      const given: Record<string, number[]> = {};
      for (const [what, options] of asked) {
        const events = await collect(bench.log.readStream(stream('a'), options));
        given[what] = events.map(({ revision }) => revision);
        expect(new Set(events.map((event) => event.stream)).size).toBeLessThan(2);
      }
      expect(given).toEqual(
        Object.fromEntries(asked.map(([what, , revisions]) => [what, revisions])),
      );
    });

    it('returns nothing for a stream that does not exist', async () => {
      expect(await collect(bench.log.readStream(stream('nowhere')))).toEqual([]);
    });
  });

  describe('readAll', () => {
    // a: 0 2 4 6 8, b: 1 3 5 7 9; the odd ones are SampleEnded.
    beforeEach(async () => {
      for (let revision = -1; revision < 4; revision++) {
        await bench.log.append(appendOf('a', revision));
        await bench.log.append(appendOf('b', revision, { events: [{ type: 'SampleEnded' }] }));
      }
    });

    const asked: readonly [string, ReadAll, number[], number][] = [
      ['everything', { after: -1 }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 9],
      ['events after a position', { after: 7 }, [8, 9], 9],
      ['nothing after the head', { after: 9 }, [], -2],
      ['nothing beyond the head', { after: 1000 }, [], -2],
      ['up to a position, inclusive', { after: 3, upTo: 5 }, [4, 5], 5],
      ['a number of events', { after: 0, limit: 3 }, [1, 2, 3], 3],
      ['a type', { after: 2, types: ['SampleEnded'] }, [3, 5, 7, 9], 9],
      ['a type, and moves past the rest', { after: 2, types: ['SampleHappened'] }, [4, 6, 8], 9],
      ['a number of events of a type', { after: -1, types: ['SampleEnded'], limit: 2 }, [1, 3], 3],
      ['a stream', { after: 0, streams: [stream('a')] }, [2, 4, 6, 8], 9],
      ['a number of events of a stream', { after: 0, streams: [stream('a')], limit: 2 }, [2, 4], 4],
      [
        'a stream as known at a position',
        { after: -1, streams: [stream('b')], upTo: 4 },
        [1, 3],
        4,
      ],
      ['two streams', { after: 6, streams: [stream('a'), stream('b')] }, [7, 8, 9], 9],
      [
        'a type in a stream',
        { after: -1, streams: [stream('a')], types: ['SampleHappened'] },
        [0, 2, 4, 6, 8],
        9,
      ],
      [
        'a type that a stream does not have',
        { after: -1, streams: [stream('a')], types: ['SampleEnded'] },
        [],
        9,
      ],
      [
        'a type in two streams',
        { after: -1, streams: [stream('a'), stream('b')], types: ['SampleEnded'], upTo: 5 },
        [1, 3, 5],
        5,
      ],
      ['an unknown type', { after: -1, types: ['Nothing'] }, [], 9],
      ['an unknown stream', { after: -1, streams: [stream('nowhere')] }, [], 9],
      ['an empty list of types', { after: -1, types: [] }, [], 9],
      ['an empty list of streams', { after: -1, streams: [] }, [], 9],
    ];
    it('returns the requested events and the position through which the log was read', async () => {
      const given: Record<string, object> = {};
      for (const [what, options] of asked) {
        const { events, through } = await collectPages(bench.log.readAll(options));
        given[what] = { positions: events.map(({ position }) => position), through };
      }
      expect(given).toEqual(
        Object.fromEntries(
          asked.map(([what, , positions, through]) => [what, { positions, through }]),
        ),
      );
    });
  });

  describe('paging', () => {
    it('returns long reads in pages, and appends succeed in between', async () => {
      const [count, others] = [repeats('LOG_PAGED', { usual: 900, full: 1_700 }), 300];
      await fill(bench.log, 'a', count);
      await fill(bench.log, 'b', others, 'SampleEnded');
      const pages: number[] = [];
      let seen = 0;
      for await (const { events } of bench.log.readAll({ after: -1 })) {
        pages.push(events.length);
        seen += events.length;
        if (pages.length < 3) await bench.log.append(appendOf(`during-${pages.length}`, -1));
      }
      expect(pages.length).toBeGreaterThan(2);
      expect(seen).toBe(count + others);
      expect(await bench.log.head()).toBe(count + others + 1);
    });

    // A page has 500 events. A log on a server takes ten times as long to fill.
    const counts = bench.remote && !inFull ? [500, 501] : [499, 500, 501, 1001];
    it.each(counts)('reads a stream of %i events alike both ways', async (count) => {
      await fill(bench.log, 'a', count);
      const forwards = await collect(bench.log.readStream(stream('a')));
      const backwards = await collect(
        bench.log.readStream(stream('a'), { direction: 'backwards' }),
      );
      expect(forwards.map(({ revision }) => revision)).toEqual(
        Array.from({ length: count }, (_, revision) => revision),
      );
      expect(backwards.reverse()).toEqual(forwards);
      expect(
        await collectPages(bench.log.readAll({ after: -1, streams: [stream('a')] })),
      ).toMatchObject({
        through: count - 1,
        events: forwards,
      });
    });

    it('finds events far after those that its filter leaves out', async () => {
      const usual = bench.remote ? 600 : 11_000;
      const left = repeats('LOG_LEFT_OUT', { usual, full: bench.faulty ? 1_100 : 11_000 });
      await bench.log.append(appendOf('rare', -1, { events: [{ type: 'Rare' }] }));
      await fill(bench.log, 'a', left);
      await bench.log.append(appendOf('rare', 0, { events: [{ type: 'Rare' }] }));
      const positions = async (options: Omit<ReadAll, 'after'>) =>
        (await collectPages(bench.log.readAll({ after: -1, ...options }))).events.map(
          ({ position }) => position,
        );
      expect(await positions({ types: ['Rare'] })).toEqual([0, left + 1]);
      expect(await positions({ streams: [stream('rare')] })).toEqual([0, left + 1]);
      expect(await positions({ streams: [stream('rare'), stream('x')] })).toEqual([0, left + 1]);
      expect(await positions({ streams: [stream('a')], types: ['Rare'] })).toEqual([]);
    });

    it('keeps pages of large events small', async () => {
      const large = { data: { text: 'x'.repeat(440 * 1024) } };
      const count = bench.faulty ? 8 : repeats('LOG_LARGE_EVENTS', { usual: 12, full: 30 });
      for (let revision = -1; revision < count - 1; revision += 2)
        await bench.log.append(appendOf('a', revision, { events: [large, large] }));
      const { events } = await collectPages(bench.log.readAll({ after: -1 }));
      expect(events.map(({ position }) => position)).toEqual(
        Array.from({ length: count }, (_, position) => position),
      );
      expect(await all(bench.log)).toEqual(events);
      expect(await collect(bench.log.readStream(stream('a')))).toEqual(events);
    });
  });
}
