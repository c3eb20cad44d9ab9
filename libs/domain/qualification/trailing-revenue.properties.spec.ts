import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PartnerModel } from '../partner/partner.js';
import { addDays } from '../shared/calendar.js';
import { add, zero } from '../shared/money.js';
import type { RevenueAmount } from './revenue.js';
import {
  amountsOfHistory,
  asOfDates,
  histories,
  policies,
} from '../../../test/support/revenue-histories.js';
import { plainControlTotal, plainTrailingRevenue } from './testing/plain-trailing-revenue.js';
import { revenueWindow, trailingRevenue } from './trailing-revenue.js';

const models = fc.constantFrom<(readonly PartnerModel[])[]>(
  ['indirect-reseller'],
  ['indirect-reseller', 'direct-bill'],
);
const worlds = asOfDates.chain((asOf) =>
  fc.record({
    asOf: fc.constant(asOf),
    history: histories(asOf),
    policy: policies,
    countedModels: models,
  }),
);

/**
 * The rows of a read model: sums of days inside the window, and one sum of all before it or after.
 */
function sumsOfDays(
  amounts: readonly RevenueAmount[],
  { after, through }: { after: string; through: string },
): readonly RevenueAmount[] {
  const day = (on: string): string =>
    on <= after ? after : on > through ? addDays(through, 1) : on;
  const alike = Map.groupBy(amounts, ({ kind, on, family, soldAs, status }) =>
    [kind, day(on), family, soldAs, status].join('|'),
  );
  return [...alike.values()].map((group) => ({
    ...group[0]!,
    on: day(group[0]!.on),
    usd: add(zero('USD'), ...group.map(({ usd }) => ({ amount: usd, currency: 'USD' }))).amount,
  }));
}

describe('trailing revenue of any history', () => {
  it('equals the slow and obvious computation', () => {
    const seen = { met: 0, falls: 0, reasons: new Set<string>() };
    fc.assert(
      fc.property(worlds, ({ asOf, history, policy, countedModels }) => {
        const figures = trailingRevenue({
          amounts: amountsOfHistory(history, asOf),
          asOf,
          policy,
          countedModels,
        });
        expect(figures).toEqual(plainTrailingRevenue({ history, asOf, policy, countedModels }));
        seen.met += figures.meetsThreshold ? 1 : 0;
        seen.falls += figures.belowThresholdFrom === undefined ? 0 : 1;
        for (const { reason } of figures.excluded) seen.reasons.add(reason);
      }),
      // Seeded, so that the cases seen at the end are always the same.
      { numRuns: 200, seed: 20_261_122 },
    );
    expect([...seen.reasons].sort()).toEqual([
      'cloud',
      'disallowed',
      'duplicate',
      'not-as-indirect-reseller',
      'outside-window',
      'partner-owned',
      'perpetual-software',
    ]);
    expect(seen.met).toBeGreaterThan(40);
    expect(seen.falls).toBeGreaterThan(25);
  });

  it('counts or excludes every cent, and puts every counted one in one month', () => {
    fc.assert(
      fc.property(worlds, ({ asOf, history, policy, countedModels }) => {
        const { total, excluded, months } = trailingRevenue({
          amounts: amountsOfHistory(history, asOf),
          asOf,
          policy,
          countedModels,
        });
        expect(add(total, ...excluded.map(({ amount }) => amount))).toEqual(
          plainControlTotal({ history, asOf, policy, countedModels }),
        );
        expect(add(zero('USD'), ...months.map(({ amount }) => amount))).toEqual(total);
        expect(new Set(months.map(({ month }) => month)).size).toBe(12);
      }),
      { numRuns: 200 },
    );
  });

  it('is the same from sums of days, and in any order', () => {
    fc.assert(
      fc.property(worlds, fc.nat(), ({ asOf, history, policy, countedModels }, turn) => {
        const amounts = amountsOfHistory(history, asOf);
        const figures = trailingRevenue({ amounts, asOf, policy, countedModels });
        const days = sumsOfDays(amounts, revenueWindow(asOf, policy));
        expect(trailingRevenue({ amounts: days, asOf, policy, countedModels })).toEqual(figures);
        const at = amounts.length === 0 ? 0 : turn % amounts.length;
        expect(
          trailingRevenue({
            amounts: [...amounts.slice(at), ...amounts.slice(0, at)],
            asOf,
            policy,
            countedModels,
          }),
        ).toEqual(figures);
      }),
      { numRuns: 200 },
    );
  });
});
