import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  type Position,
  type ReadPosition,
  START,
} from '@eventstore/db-client';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { events, failure, type World } from './world.js';

const EVENTS = 40; // more than one page of the server's 32
const LARGEST = 2n ** 64n - 1n;

export function readChapter(world: () => World): void {
  const positions: bigint[] = [];
  beforeAll(async () => {
    await world().append('read', events(EVENTS), 'no_stream');
    for await (const { commitPosition } of world().client.readStream(world().stream('read')))
      positions.push(commitPosition!);
  });

  describe('reading a stream', () => {
    it.each([
      ['all events', {}, [0, 1, 2], EVENTS],
      ['from a revision on', { fromRevision: 38n }, [38, 39], 2],
      ['a few', { fromRevision: 3n, maxCount: 2 }, [3, 4], 2],
      ['from after its end', { fromRevision: 40n }, [], 0],
      [
        'backwards from its end',
        { direction: BACKWARDS, fromRevision: END, maxCount: 2 },
        [39, 38],
        2,
      ],
      ['backwards from a revision', { direction: BACKWARDS, fromRevision: 2n }, [2, 1, 0], 3],
      ['backwards from its start', { direction: BACKWARDS, fromRevision: START }, [0], 1],
      [
        'backwards from after its end',
        { direction: BACKWARDS, fromRevision: 99n, maxCount: 2 },
        [39, 38],
        2,
      ],
    ] as const)('%s', async (_title, options, first, count) => {
      const found = await world().revisions('read', options);
      expect(found.slice(0, first.length)).toEqual(first);
      expect(found).toHaveLength(count);
    });

    it('fails for a stream that does not exist, and for two invalid requests', async () => {
      const missing = {
        is: 'StreamNotFoundError',
        message: `${world().stream('missing')} not found`,
        type: 'stream-not-found',
      };
      expect(await failure(world().revisions('missing'))).toEqual(missing);
      const senseless = {
        is: 'UnknownError',
        message: '2 UNKNOWN: Unexpected ReadStreamResult: Error',
        code: 2,
        type: 'unknown',
      };
      expect(await failure(world().revisions('read', { fromRevision: END }))).toEqual(senseless);
      expect(await failure(world().revisions('read', { maxCount: 0 }))).toEqual(senseless);
    });

    it('returns events unchanged, with their times', async () => {
      const before = Date.now();
      await world().append('whole', events(1), 'no_stream');
      for await (const { event } of world().client.readStream(world().stream('whole'))) {
        expect(event).toMatchObject({
          streamId: world().stream('whole'),
          revision: 0n,
          type: 'T',
          data: {},
          isJson: true,
        });
        expect(event!.metadata).toBeUndefined();
        expect(Math.abs(event!.created.getTime() - before)).toBeLessThan(5000);
      }
    });
  });

  describe('reading $all', () => {
    const at = (index: number, add = 0n): Position => ({
      commit: positions[index]! + add,
      prepare: positions[index]! + add,
    });
    const read = async (
      fromPosition: ReadPosition,
      direction: 'forwards' | 'backwards' = 'forwards',
    ): Promise<readonly string[]> => {
      const found: AllStreamResolvedEvent[] = [];
      for await (const event of world().client.readAll({ fromPosition, direction, maxCount: 2 }))
        found.push(event);
      return found.map(({ event }) => `${event!.streamId.slice(10)}/${event!.revision}`);
    };

    it.each<[string, () => Promise<readonly string[]>, readonly string[]]>([
      ['forwards from an event on', () => read(at(5)), ['read/5', 'read/6']],
      [
        'backwards from an event, which is left out',
        () => read(at(5), BACKWARDS),
        ['read/4', 'read/3'],
      ],
      [
        'forwards from an event whose prepare is unknown',
        () => read({ ...at(5), prepare: 0n }),
        ['read/5', 'read/6'],
      ],
      [
        'backwards from such an event: the neighbour is left out',
        () => read({ ...at(5), prepare: 0n }, BACKWARDS),
        ['read/3', 'read/2'],
      ],
      ['forwards from its end', () => read(END), []],
      ['forwards from far after its end', () => read(at(5, 1_000_000_000n)), []],
      ['forwards from the largest position', () => read({ commit: LARGEST, prepare: LARGEST }), []],
      ['backwards from its start', () => read(START, BACKWARDS), []],
    ])('%s', async (_title, found, expected) => {
      expect(await found()).toEqual(expected);
    });

    it("begins with the server's own events", async () => {
      expect((await read(START))[0]).toBe('$$$scavenges/0'.slice(10));
    });

    it('returns the last event first when read backwards from the end or from the largest position', async () => {
      await world().append('last', events(2), 'any');
      expect(await read(END, BACKWARDS)).toEqual(['last/1', 'last/0']);
      expect(await read({ commit: LARGEST, prepare: LARGEST }, BACKWARDS)).toEqual([
        'last/1',
        'last/0',
      ]);
    });

    const unknown = (details: string) => ({
      is: 'UnknownError',
      message: `2 UNKNOWN: ${details}`,
      code: 2,
      type: 'unknown',
    });
    it.each([
      ['between two records', () => read(at(5, 3n)), 'Unexpected ReadAllResult: InvalidPosition'],
      [
        'backwards between two records',
        () => read(at(5, 3n), BACKWARDS),
        'Unexpected ReadAllResult: InvalidPosition',
      ],
      [
        'backwards from far after its end',
        () => read(at(5, 1_000_000_000n), BACKWARDS),
        'Unexpected ReadAllResult: Error',
      ],
      [
        'with a prepare after its commit',
        () => read({ ...at(5), prepare: positions[5]! + 1n }),
        'Exception was thrown by handler.',
      ],
    ])('fails %s', async (_title, asked, details) => {
      expect(await failure(asked())).toEqual(unknown(details));
    });
  });
}
