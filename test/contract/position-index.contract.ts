import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commandId, type EventId, eventId, streamName } from '../../libs/domain/shared/ids.js';
import type { IndexRow, PositionIndex } from '../../libs/event-log/eventstoredb/position-index.js';

export interface IndexUnderTest {
  readonly index: PositionIndex;
  /** Another process's view of the same index. */
  readonly second: PositionIndex;
  readonly dispose: () => Promise<void>;
}

/** Beyond the exact range of a number, as offsets in a large log may be. */
const FAR = 2n ** 60n + 1n;

/**
 * Three streams in rotation, three types in rotation with another period, two events a command, a
 * clock that sometimes goes back.
 */
const row = (position: number, log = 'a'): IndexRow => ({
  position,
  commit: FAR + BigInt(position * 7),
  prepare: FAR + BigInt(position * 7),
  eventId: eventId(`${log}-${position}`),
  stream: streamName(`customer-${position % 3}`),
  revision: Math.floor(position / 3),
  type: ['OrderPlaced', 'OrderRefused', '注文'][Math.floor(position / 2) % 3]!,
  commandId: commandId(`command-${Math.floor(position / 2)}`),
  commandIndex: position % 2,
  recordedThroughMs: 1_000 * Math.floor(position / 4),
});
const rows = (from: number, through: number, log = 'a') =>
  Array.from({ length: through - from + 1 }, (_, offset) => row(from + offset, log));
const before = (position: number, log = 'a'): EventId | undefined =>
  position === 0 ? undefined : row(position - 1, log).eventId;
const positions = (found: readonly IndexRow[]) => found.map(({ position }) => position);

/** The contract of every position index. */
export function positionIndexContract(name: string, make: () => Promise<IndexUnderTest>): void {
  describe(`the position index contract: ${name}`, () => {
    let tested: IndexUnderTest;
    let index: PositionIndex;
    beforeEach(async () => {
      tested = await make();
      index = tested.index;
    });
    afterEach(() => tested.dispose());

    const add = (from: number, through: number, log = 'a', to = index) =>
      to.add(rows(from, through, log), before(from, log));
    const all = async (of = index) => positions(await of.matching({}, -1, 1_000_000, 10_000));

    describe('adding', () => {
      it('starts empty', async () => {
        expect(await index.last()).toBeUndefined();
        expect(await index.at(0)).toBeUndefined();
        expect(await index.positionAt(Date.now())).toBe(-1);
        expect(await index.add([], undefined)).toBe('added');
      });

      it('returns rows unchanged, however far they are in the log', async () => {
        expect(await add(0, 9)).toBe('added');
        expect(await index.last()).toEqual(row(9));
        expect(await tested.second.at(4)).toEqual(row(4));
      });

      it('adds rows after those that are there', async () => {
        await add(0, 4);
        expect(await add(5, 5)).toBe('added');
        expect(await all()).toEqual([0, 1, 2, 3, 4, 5]);
      });

      it.each([
        ['again', 3, 5],
        ['again with more', 4, 8],
        ['again from the first', 0, 2],
        ['from the first with more', 0, 9],
      ])('does not change rows that come %s', async (_how, from, through) => {
        await add(0, 5);
        expect(await add(from, through, 'a', tested.second)).toBe('added');
        expect(await all()).toEqual(rows(0, Math.max(5, through)).map(({ position }) => position));
      });

      it.each([
        ['follow another event', 6, 7],
        ['repeat with other events', 4, 7],
        ['begin with other events', 0, 7],
      ])('writes none of the rows that %s', async (_how, from, through) => {
        await add(0, 5);
        expect(await add(from, through, 'b')).toBe('differs');
        expect(await index.last()).toEqual(row(5));
      });

      it('writes none of the rows if they differ from the middle on', async () => {
        await add(0, 5);
        expect(await index.add([row(4), row(5, 'b'), row(6, 'b')], before(4))).toBe('differs');
        expect(await all()).toEqual([0, 1, 2, 3, 4, 5]);
      });

      it('writes nothing after a gap, because the preceding row is missing', async () => {
        await add(0, 5);
        expect(await add(7, 8)).toBe('differs');
        await index.clear();
        expect(await add(6, 8)).toBe('differs');
        expect(await index.last()).toBeUndefined();
      });

      it('refuses rows that have a gap themselves', async () => {
        await expect(index.add([row(0), row(2)], undefined)).rejects.toThrow('gap');
        await expect(index.add([row(3)], undefined)).rejects.toThrow('follow nothing');
        expect(await index.last()).toBeUndefined();
      });

      it('starts again after it was cleared', async () => {
        await add(0, 5);
        await tested.second.clear();
        expect(await all()).toEqual([]);
        expect(await add(0, 2, 'b')).toBe('added');
        expect(await index.last()).toEqual(row(2, 'b'));
      });
    });

    describe('two writers', () => {
      it('end with one row per event, whatever rows each adds at the same time', async () => {
        const writer = async (to: PositionIndex, step: number): Promise<void> => {
          for (let from = 0; from < 300; from += step)
            expect(await add(from, Math.min(299, from + step - 1), 'a', to)).toBe('added');
        };
        await Promise.all([writer(index, 7), writer(tested.second, 11)]);
        expect(await all()).toEqual(rows(0, 299).map(({ position }) => position));
      });

      it('never mix the rows of two logs', async () => {
        const outcomes = await Promise.all([add(0, 49, 'a'), add(0, 49, 'b', tested.second)]);
        expect([...outcomes].sort()).toEqual(['added', 'differs']);
        const [first] = (await index.at(0))!.eventId;
        expect(await index.matching({}, -1, 100, 100)).toEqual(rows(0, 49, first));
      });
    });

    describe('reading', () => {
      beforeEach(() => add(0, 59));

      it.each([
        [0, 19, 20],
        [3, 5, 3],
        [19, 40, 1],
        [20, 40, 0],
        [5, 4, 0],
      ])('finds a stream from revision %d through %d', async (from, through, count) => {
        const found = await index.ofStream(streamName('customer-1'), from, through);
        expect(found).toEqual(
          rows(0, 59).filter(
            ({ position, revision }) =>
              position % 3 === 1 && revision >= from && revision <= through,
          ),
        );
        expect(found).toHaveLength(count);
      });

      it('finds the events of a command in their order, and none of an unknown one', async () => {
        expect(await index.ofCommand(commandId('command-7'))).toEqual([row(14), row(15)]);
        expect(await index.ofCommand(commandId('command-99'))).toEqual([]);
        expect(await index.ofStream(streamName('customer-9'), 0, 9)).toEqual([]);
      });

      it.each([
        [-1, -1],
        [0, 3],
        [999, 3],
        [1_000, 7],
        [13_999, 55],
        [14_000, 59],
        [99_999_999, 59],
      ])('at %d ms returns position %d', async (ms, position) => {
        expect(await index.positionAt(ms)).toBe(position);
      });

      it('finds the events that a filter selects, in the log’s order and at most the limit', async () => {
        const some = <T>(values: readonly T[]) =>
          fc.option(fc.uniqueArray(fc.constantFrom(...values)), { nil: undefined });
        const filters = fc.record({
          types: some(['OrderPlaced', 'OrderRefused', '注文', 'Unheard']),
          streams: some(['customer-0', 'customer-1', 'customer-2', 'customer-9']),
          after: fc.integer({ min: -1, max: 60 }),
          through: fc.integer({ min: -1, max: 70 }),
          limit: fc.integer({ min: 1, max: 70 }),
        });
        const check = async ({
          types,
          streams,
          after,
          through,
          limit,
        }: typeof filters extends fc.Arbitrary<infer F> ? F : never) => {
          const filter = {
            ...(types ? { types } : {}),
            ...(streams ? { streams: streams.map(streamName) } : {}),
          };
          const expected = rows(0, 59).filter(
            (one) =>
              one.position > after &&
              one.position <= through &&
              (types?.includes(one.type) ?? true) &&
              (streams?.includes(one.stream) ?? true),
          );
          expect(await index.matching(filter, after, through, limit)).toEqual(
            expected.slice(0, limit),
          );
        };
        await fc.assert(fc.asyncProperty(filters, check), { numRuns: 60 });
      });
    });
  });
}
