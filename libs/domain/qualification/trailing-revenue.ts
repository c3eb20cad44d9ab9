import type { Policy } from '../program/policy.js';
import type { PartnerModel } from '../partner/partner.js';
import { addDays, monthOf } from '../shared/calendar.js';
import { type Money, roundMoney } from '../shared/money.js';
import { belowThresholdFrom, type CentsByDay } from './threshold-crossing.js';
import {
  countsOnItsDay,
  type ExclusionReason,
  exclusionOf,
  exclusionReasons,
} from './exclusion.js';
import type { RevenueAmount } from './revenue.js';
import {
  countedWindow,
  type DaySpan,
  liesIn,
  revenueWindow,
  windowMonths,
} from './revenue-window.js';
import { type Cents, centsOf, shareOf, usdOf } from './usd-cents.js';

export { countableUnder } from './exclusion.js';
export { revenueWindow } from './revenue-window.js';
export type { ExclusionReason } from './exclusion.js';

export type RevenuePolicy = Pick<
  Policy,
  'trailingRevenueThreshold' | 'revenueWindow' | 'revenueBasis' | 'excludedFamilies'
>;

export interface TrailingRevenueQuestion {
  /**
   * All amounts of the partner. Of days outside `revenueWindow(asOf, policy)` only the side
   * matters.
   */
  readonly amounts: Iterable<RevenueAmount>;
  readonly asOf: string;
  /** In force on `asOf`. */
  readonly policy: RevenuePolicy;
  /** The yearly re-check also counts sales as `direct-bill`. */
  readonly countedModels?: readonly PartnerModel[];
}

/** The figures of an answer; all money is USD. */
export interface TrailingRevenue {
  /** Its first and last day. */
  readonly window: { readonly from: string; readonly to: string };
  /** The amount on the policy's basis. */
  readonly total: Money;
  readonly billed: Money;
  readonly paid: Money;
  readonly threshold: Money;
  /** Never negative. */
  readonly shortfall: Money;
  /** Total ÷ threshold, four digits. */
  readonly share: string;
  readonly meetsThreshold: boolean;
  /**
   * The twelve parts of the window, each named by the month of its last day. They add up to the
   * total.
   */
  readonly months: readonly { readonly month: string; readonly amount: Money }[];
  /** Of the policy's basis; with the total it adds up to all amounts. */
  readonly excluded: readonly { readonly reason: ExclusionReason; readonly amount: Money }[];
  readonly belowThresholdFrom?: string;
}

/**
 * The sales of a partner that count towards direct billing as of a date (DIRECT-1).
 */
export function trailingRevenue(question: TrailingRevenueQuestion): TrailingRevenue {
  const { asOf, policy } = question;
  const { billed, paid, excluded } = sumsOf(question);
  const window = countedWindow(asOf, policy);
  const days = policy.revenueBasis === 'billed' ? billed : paid;
  const total = sumOver(days, window);
  const threshold = centsOf(roundMoney(policy.trailingRevenueThreshold, 'USD').amount);
  const falls = belowThresholdFrom(days, asOf, threshold, policy);
  return {
    window: { from: addDays(window.after, 1), to: window.through },
    total: usdOf(total),
    billed: usdOf(sumOver(billed, window)),
    paid: usdOf(sumOver(paid, window)),
    threshold: usdOf(threshold),
    shortfall: usdOf(total < threshold ? threshold - total : 0n),
    share: shareOf(total, threshold),
    meetsThreshold: total >= threshold,
    months: windowMonths(asOf, policy).map((month) => ({
      month: monthOf(month.through),
      amount: usdOf(sumOver(days, month)),
    })),
    excluded: exclusionReasons.flatMap((reason) => {
      const cents = excluded.get(reason) ?? 0n;
      return cents === 0n ? [] : [{ reason, amount: usdOf(cents) }];
    }),
    ...(falls !== undefined && { belowThresholdFrom: falls }),
  };
}

interface Sums {
  /** The counted amounts of each day in question. */
  readonly billed: CentsByDay;
  readonly paid: CentsByDay;
  readonly excluded: ReadonlyMap<ExclusionReason, Cents>;
}

function sumsOf({
  amounts,
  asOf,
  policy,
  countedModels = ['indirect-reseller'],
}: TrailingRevenueQuestion): Sums {
  const counting = { policy, countedModels };
  const window = countedWindow(asOf, policy);
  const lookedAt = revenueWindow(asOf, policy);
  const days = { billed: new Map<string, Cents>(), paid: new Map<string, Cents>() };
  const excluded = new Map<ExclusionReason, Cents>();
  for (const amount of amounts) {
    const cents = centsOnEachBasis(amount);
    const reason = exclusionOf(amount, window, counting);
    if (reason) addTo(excluded, reason, cents[policy.revenueBasis]);
    if (!liesIn(amount.on, lookedAt) || !countsOnItsDay(amount, counting)) continue;
    addTo(days.billed, amount.on, cents.billed);
    addTo(days.paid, amount.on, cents.paid);
  }
  return { ...days, excluded };
}

/** From its day on, a reversal lowers the billed and the paid amount. */
function centsOnEachBasis({
  kind,
  usd,
}: RevenueAmount): Readonly<Record<Policy['revenueBasis'], Cents>> {
  const cents = centsOf(usd);
  if (kind === 'reversed') return { billed: -cents, paid: -cents };
  return kind === 'recorded' ? { billed: cents, paid: 0n } : { billed: 0n, paid: cents };
}

function addTo<Key>(sums: Map<Key, Cents>, key: Key, cents: Cents): void {
  sums.set(key, (sums.get(key) ?? 0n) + cents);
}

function sumOver(days: CentsByDay, span: DaySpan): Cents {
  let sum = 0n;
  for (const [day, cents] of days) if (liesIn(day, span)) sum += cents;
  return sum;
}
