import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultPolicy } from '../../libs/domain/program/default-policy.js';
import type { Policy } from '../../libs/domain/program/policy.js';
import type { RevenueAmount } from '../../libs/domain/qualification/revenue.js';
import { type DaySpan, revenueWindow } from '../../libs/domain/qualification/revenue-window.js';
import {
  countableUnder,
  trailingRevenue,
} from '../../libs/domain/qualification/trailing-revenue.js';
import { centsOf } from '../../libs/domain/qualification/usd-cents.js';
import { addDays } from '../../libs/domain/shared/calendar.js';
import { partnerId, type RevenueId } from '../../libs/domain/shared/ids.js';
import type { LoggedEvent } from '../../libs/event-log/event-log.js';
import { eventually, memoryLog } from '../../libs/read-models/testing/bench.js';
import {
  PlainRevenue,
  recordedOf,
  revenueLogs,
  revenuePartners,
  revenueRecorded,
} from '../../libs/read-models/testing/revenue-log.js';
import {
  importChunk,
  importCompleted,
  appendEach,
  type Told,
} from '../../libs/read-models/testing/sample-log.js';
import type { ListsUnderTest, OpenLists } from './lists.contract.js';

const asOfs = fc.integer({ min: -500, max: 500 }).map((days) => addDays('2025-12-31', days));
const policies = fc
  .record({
    revenueWindow: fc.constantFrom<Policy['revenueWindow'][]>(
      'rolling-12-months',
      'calendar-months',
    ),
    revenueBasis: fc.constantFrom<Policy['revenueBasis'][]>('billed', 'paid'),
    excludedFamilies: fc.constantFrom<Policy['excludedFamilies'][]>(['perpetual-software'], []),
    trailingRevenueThreshold: fc.constantFrom('0.00', '10.00', '60.00'),
  })
  .map((changes) => ({ ...defaultPolicy, ...changes }));

/**
 * The contract of trailing revenue, over either store: as of any date and as known at any position
 * it equals the sum of the log's entries.
 */
export function revenueContract(name: string, openLists: OpenLists, numRuns: number): void {
  describe(`trailing revenue over ${name}`, () => {
    it('equals the sum of the single entries, for any two times', async () => {
      const asked = fc.array(fc.tuple(asOfs, policies), { minLength: 3, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(
          revenueLogs,
          fc.integer({ min: 1, max: 9 }),
          asked,
          async (newEvents, batchEvents, times) => {
            await over(newEvents, { batchEvents }, async (bench, events) => {
              for (let knownAt = -1; knownAt < events.length; knownAt++)
                await agrees(bench, events, knownAt, times[(knownAt + 1) % 3]!);
            });
          },
        ),
        { numRuns },
      );
    }, 90_000);

    it('finds the entries of the log, and the partners that have any', async () => {
      await fc.assert(
        fc.asyncProperty(revenueLogs, async (newEvents) => {
          await over(newEvents, {}, async ({ readModels }, events) => {
            const plain = PlainRevenue.of(events);
            const minPosition = events.length - 1;
            for (const id of idsOf(events))
              expect((await readModels.findRevenue(id, minPosition))?.entry).toEqual(
                plain.entry(id),
              );
            for (const knownAt of events.keys()) {
              const { partnerIds } = await readModels.partnersWithRevenue({ limit: 9, knownAt });
              expect(partnerIds).toEqual(PlainRevenue.of(events.slice(0, knownAt + 1)).partners());
            }
          });
        }),
        { numRuns },
      );
    }, 90_000);

    const one = {
      partner: partnerId('p'),
      reference: 1,
      cents: 100,
      on: '2025-05-01',
      family: 'cloud',
      soldAs: 'indirect-reseller',
    } as const;
    const { revenueId } = recordedOf(one);
    const query = { asOf: '2025-06-30', window: { after: '2024-06-30', through: '2025-06-30' } };
    const row = (change: object = {}) => ({ row: 1, ...recordedOf({ ...one, ...change }) });

    it('is the same after a rebuild', async () => {
      const [newEvents = []] = fc.sample(
        revenueLogs.filter(({ length }) => length > 20),
        1,
      );
      await over(newEvents, {}, async ({ readModels }, events) => {
        await readModels.waitFor(events.length - 1);
        await readModels.rebuild('trailing-revenue');
        const status = async () =>
          (await readModels.projections()).find((one) => one.name === 'trailing-revenue')?.rebuild;
        await eventually(async () => (await status())?.finished === true);
        expect(await status()).toEqual({
          position: events.length - 1,
          finished: true,
          comparedRows: expect.any(Number),
        });
      });
    });

    it('counts no row of an import before its end, and all of them from there on', async () => {
      await over(
        [importChunk('i1', [row()]), importCompleted('i1', 'revenue')],
        {},
        async ({ readModels }) => {
          expect(await readModels.revenueAmounts(one.partner, { ...query, knownAt: 0 })).toEqual({
            amounts: [],
            position: 0,
          });
          const { amounts, position } = await readModels.revenueAmounts(one.partner, {
            ...query,
            minPosition: 1,
          });
          expect({ amounts, position }).toEqual({
            position: 1,
            amounts: [expect.objectContaining({ on: '2025-05-01', usd: '1.00' })],
          });
          expect(await readModels.findRevenue(revenueId)).toMatchObject({
            knownFrom: 1,
            importId: 'i1',
            position: 1,
          });
        },
      );
    });

    it('counts the one of two imports that ended first, and reports the other as a duplicate', async () => {
      const rows = [importChunk('i1', [row()]), importChunk('i2', [row({ cents: 200 })])];
      await over(
        [...rows, importCompleted('i2', 'revenue'), importCompleted('i1', 'revenue')],
        {},
        async ({ readModels }) => {
          const usd = async (knownAt: number) =>
            (await readModels.revenueAmounts(one.partner, { ...query, knownAt })).amounts.map(
              (amount) => [amount.status, amount.usd],
            );
          expect(await usd(1)).toEqual([]);
          expect(await usd(2)).toEqual([['counted', '2.00']]);
          // prettier-ignore
          expect(new Map(await usd(3) as [string, string][])).toEqual(new Map([['counted', '2.00'], ['duplicate', '1.00']]));
          expect(await readModels.findRevenue(revenueId)).toMatchObject({
            knownFrom: 2,
            importId: 'i2',
            entry: { amount: { amount: '2.00' } },
          });
        },
      );
    });

    it('finds no entry of an import without an end', async () => {
      await over([importChunk('i1', [row()])], {}, async ({ readModels }) => {
        expect(await readModels.findRevenue(revenueId)).toBeUndefined();
        expect((await readModels.partnersWithRevenue({ limit: 9 })).partnerIds).toEqual([]);
      });
    });

    it('finds an entry that was recorded a moment ago', async () => {
      const log = memoryLog();
      const bench = await openLists(log);
      try {
        expect(await bench.readModels.findRevenue(revenueId)).toBeUndefined();
        await appendEach(log, revenueRecorded(recordedOf(one)));
        expect(await bench.readModels.findRevenue(revenueId)).toMatchObject({
          knownFrom: 0,
          position: 0,
          entry: { reference: '1' },
        });
      } finally {
        await bench.close();
      }
    });

    it('adds up sums beyond the exact range of a number', async () => {
      const huge = { amount: '999999999999999.99', currency: 'USD' };
      const events = [1, 2, 3].map((reference) =>
        revenueRecorded({ ...recordedOf({ ...one, reference }), amount: huge, usdAmount: huge }),
      );
      await over(events, {}, async ({ readModels }) => {
        const { amounts } = await readModels.revenueAmounts(one.partner, query);
        expect(amounts).toMatchObject([{ usd: '2999999999999999.97' }]);
      });
    });

    it('stops at a change to an entry that the log does not have', async () => {
      const { amount, usdAmount } = recordedOf(one);
      const reversed = {
        stream: 'revenue-p',
        type: 'RevenueReversed',
        data: { revenueId, amount, usdAmount, on: one.on, reason: 'returned' },
      };
      const log = memoryLog();
      const bench = await openLists(log);
      try {
        await appendEach(log, importChunk('i1', [row()]), reversed);
        await expect(
          bench.readModels.revenueAmounts(one.partner, { ...query, minPosition: 1 }),
        ).rejects.toMatchObject({
          name: 'ProjectionStopped',
          position: 1,
        });
      } finally {
        await bench.close();
      }
    });

    async function over(
      newEvents: readonly Told[],
      options: object,
      work: (bench: ListsUnderTest, events: readonly LoggedEvent[]) => Promise<void>,
    ) {
      const log = memoryLog();
      const events = await appendEach(log, ...newEvents);
      const bench = await openLists(log, options);
      try {
        await work(bench, events);
      } finally {
        await bench.close();
      }
    }
  });
}

async function agrees(
  bench: ListsUnderTest,
  events: readonly LoggedEvent[],
  knownAt: number,
  [asOf, policy]: readonly [string, Policy],
) {
  const plain = PlainRevenue.of(events.slice(0, knownAt + 1));
  const window = revenueWindow(asOf, policy);
  const isHead = knownAt === events.length - 1;
  for (const partner of revenuePartners) {
    const entries = plain.amounts(partner, asOf);
    const figures = trailingRevenue({ amounts: entries, asOf, policy });
    const query = { asOf, window, ...(isHead ? { minPosition: knownAt } : { knownAt }) };
    const { amounts, position } = await bench.readModels.revenueAmounts(partner, query);
    expect(position).toBe(knownAt);
    expect(combinedSums(amounts, window)).toEqual(combinedSums(entries, window));
    expect(trailingRevenue({ amounts, asOf, policy })).toEqual(figures);
    const fewer = await bench.readModels.revenueAmounts(partner, {
      ...query,
      countable: countableUnder(policy),
    });
    expect(trailingRevenue({ amounts: fewer.amounts, asOf, policy })).toEqual(figures);
  }
}

/** Sums of amounts that an answer may combine. */
function combinedSums(
  amounts: readonly RevenueAmount[],
  { after, through }: DaySpan,
): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { kind, on, family, soldAs, status, usd } of amounts) {
    const dayMatters =
      status !== 'duplicate' && family !== 'partner-owned' && soldAs !== 'indirect-provider';
    const inside = dayMatters ? on : 'inside';
    const day = on <= after ? 'before' : on > through ? 'after' : inside;
    const name = [kind, day, family, soldAs, status].join(' ');
    sums.set(name, (sums.get(name) ?? 0n) + centsOf(usd));
  }
  return new Map([...sums].filter(([, sum]) => sum !== 0n).sort());
}

/** Every entry of the log, whether it counts or not. */
function idsOf(events: readonly LoggedEvent[]): readonly RevenueId[] {
  const named = events.flatMap(({ type, data }) =>
    type === 'ImportChunkAdded' ? (data as { rows: object[] }).rows : [data as object],
  );
  return [
    ...new Set(named.flatMap((one) => ('revenueId' in one ? [one.revenueId as RevenueId] : []))),
  ];
}
