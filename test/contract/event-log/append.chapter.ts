import { describe, expect, it } from '@jest/globals';
import { WrongRevision } from '../../../libs/event-log/errors.js';
import type { Bench } from '../event-log.contract.js';
import { all, appendOf, collect, settle, stream } from '../sample-events.js';
import { repeats } from '../../support/repeats.js';

export function appendChapter(bench: Bench): void {
  describe('append', () => {
    it('starts empty', async () => {
      expect(bench.log.capabilities.guards).toBe(bench.guards);
      expect(await bench.log.head()).toBe(-1);
      expect(await bench.log.revisionOf(stream('customer-1'))).toBe(-1);
      expect(await bench.log.lastRecordedAt()).toBeUndefined();
      expect(await all(bench.log)).toEqual([]);
    });

    it('counts positions in the log and revisions in the stream, both from 0 and without gaps', async () => {
      await bench.log.append(appendOf('a', -1, { events: [{}, {}] }));
      await bench.log.append(appendOf('b', -1));
      const { events, repeated } = await bench.log.append(appendOf('a', 1, { events: [{}, {}] }));

      expect(repeated).toBe(false);
      expect(events.map(({ position, revision }) => [position, revision])).toEqual([
        [3, 2],
        [4, 3],
      ]);
      expect(
        (await all(bench.log)).map(({ position, stream, revision }) => [
          position,
          stream,
          revision,
        ]),
      ).toEqual([
        [0, 'a', 0],
        [1, 'a', 1],
        [2, 'b', 0],
        [3, 'a', 2],
        [4, 'a', 3],
      ]);
      expect(await bench.log.head()).toBe(4);
      expect(await bench.log.revisionOf(stream('a'))).toBe(3);
    });

    it('returns the appended events from the append and from every read', async () => {
      const data = {
        text: 'größer 関所 😀 "\\\n',
        integers: [0, -1, Number.MAX_SAFE_INTEGER],
        none: null,
        nested: { yes: true, empty: {}, list: [] },
      };
      const append = appendOf('a', -1, {
        events: [{ type: 'CustomerRegistered', version: 3, data }],
      });
      const { events } = await bench.log.append(append);

      const [expected] = append.events;
      expect(events).toEqual([
        {
          ...expected,
          stream: 'a',
          revision: 0,
          position: 0,
          recordedAt: '2026-11-22T10:00:00.000Z',
        },
      ]);
      expect(await all(bench.log)).toEqual(events);
      expect(await collect(bench.log.readStream(stream('a')))).toEqual(events);
      expect(await bench.log.eventsOfCommand(append.events[0]!.metadata.commandId)).toEqual(events);
    });

    it.each([
      [-2, -1],
      [0, -1],
      [-1, 1],
      [0, 1],
      [2, 1],
    ])('refuses the revision %i where the stream is at %i', async (expectedRevision, actual) => {
      if (actual >= 0) await bench.log.append(appendOf('a', -1, { events: [{}, {}] }));
      const refused = bench.log.append(appendOf('a', expectedRevision));
      if (expectedRevision === -2)
        await expect(refused).rejects.toHaveProperty('name', 'UnfitEvent');
      else
        await expect(refused).rejects.toMatchObject({
          name: 'WrongRevision',
          stream: 'a',
          expected: expectedRevision,
          actual,
        });
      expect(await bench.log.revisionOf(stream('a'))).toBe(actual);
    });

    it('lets exactly one of 64 first appends to a stream win', async () => {
      const { fulfilled, errors } = await settle(
        Array.from({ length: 64 }, () => bench.log.append(appendOf('a', -1))),
      );
      expect(fulfilled).toBe(1);
      expect(new Set(errors)).toEqual(new Set(['WrongRevision']));
      expect(await all(bench.log)).toHaveLength(1);
    });

    it('checks each append against the results of the earlier ones, in the order given', async () => {
      const outcomes = await Promise.allSettled([
        bench.log.append(appendOf('a', -1)),
        bench.log.append(appendOf('a', 0, { events: [{}, {}] })),
        bench.log.append(appendOf('a', 0)),
        bench.log.append(appendOf('b', -1)),
        bench.log.append(appendOf('a', 2)),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      expect((outcomes[2] as PromiseRejectedResult).reason).toBeInstanceOf(WrongRevision);
      const order = (await all(bench.log)).map(({ stream, revision }) => `${stream}${revision}`);
      if (bench.remote) expect(order.toSorted()).toEqual(['a0', 'a1', 'a2', 'a3', 'b0']);
      else expect(order).toEqual(['a0', 'a1', 'a2', 'b0', 'a3']);
    });

    it('keeps positions dense and every stream in order under parallel writers', async () => {
      const writerCount = repeats('LOG_WRITERS', { usual: 8, full: 40 });
      const appends = repeats('LOG_APPENDS', { usual: 10, full: 15 });
      const writers = Array.from({ length: writerCount }, async (_, writer) => {
        for (let revision = -1; revision < appends - 1; revision++)
          await bench.log.append(
            appendOf(`w-${writer}`, revision, { events: [{ data: { n: revision + 1 } }] }),
          );
      });
      await Promise.all(writers);

      const events = await all(bench.log);
      expect(events.map(({ position }) => position)).toEqual(
        Array.from({ length: writerCount * appends }, (_, position) => position),
      );
      for (let writer = 0; writer < writerCount; writer++) {
        const own = events.filter((event) => event.stream === `w-${writer}`);
        expect(own.map(({ revision, data }) => [revision, data])).toEqual(
          own.map((_, revision) => [revision, { n: revision }]),
        );
      }
    });

    it('calls listeners for every commit in order, before the append returns, until they are removed', async () => {
      const published: number[] = [];
      const stop = bench.log.onCommitted((events) =>
        published.push(...events.map(({ position }) => position)),
      );
      await bench.log.append(appendOf('a', -1, { events: [{}, {}] }));
      expect(published).toEqual([0, 1]);
      await Promise.all([
        bench.log.append(appendOf('b', -1)),
        bench.log.append(appendOf('c', -1)),
        settle([bench.log.append(appendOf('a', 0))]),
      ]);
      expect(published).toEqual([0, 1, 2, 3]);
      stop();
      await bench.log.append(appendOf('d', -1));
      expect(published).toEqual([0, 1, 2, 3]);
    });

    it('finishes running appends and refuses further ones after it is closed', async () => {
      const underWay = bench.log.append(appendOf('a', -1));
      await bench.log.close();
      await expect(underWay).resolves.toHaveProperty('repeated', false);
      await expect(bench.log.append(appendOf('a', 0))).rejects.toHaveProperty(
        'name',
        'LogUnavailable',
      );
    });
  });
}
