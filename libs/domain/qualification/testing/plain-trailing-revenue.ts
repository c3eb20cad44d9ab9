import Big from 'big.js';
import { Temporal } from 'temporal-polyfill';
import type { Policy } from '../../program/policy.js';
import type { PartnerModel } from '../../partner/partner.js';
import type { RecordedRevenue, RevenueEvent } from '../revenue.js';

/**
 * Trailing revenue a second time, slow and obvious: every question reads the whole history, dates
 * are Temporal's, sums are big.js's, and the day on which the window falls below the threshold is
 * found by trying every day. It shares no code with the production function.
 */
export interface PlainQuestion {
  readonly history: readonly RevenueEvent[];
  readonly asOf: string;
  readonly policy: Policy;
  readonly countedModels: readonly PartnerModel[];
}

export function plainTrailingRevenue(question: PlainQuestion) {
  const { asOf, policy } = question;
  const effects = effectsOf(question);
  const window = windowOn(asOf, policy);
  const sum = (counted: (effect: Effect) => boolean, basis = policy.revenueBasis): Big =>
    sumOf(effects.filter(counted), basis);
  const countedIn = (span: Span) => (effect: Effect) =>
    reasonOf(effect, span, question) === undefined;

  const total = sum(countedIn(window));
  const threshold = new Big(policy.trailingRevenueThreshold);
  const isBelow = (total: Big): boolean => total.lt(threshold);
  const soldByThen = effects.filter(({ on }) => on <= asOf);
  const isBelowOn = (day: string): boolean =>
    isBelow(sumOf(soldByThen.filter(countedIn(windowOn(day, policy))), policy.revenueBasis));
  const fallsFrom = isBelow(total) ? undefined : daysAfter(asOf).find(isBelowOn);
  return {
    window: { from: plusDay(window.after), to: window.through },
    total: usd(total),
    billed: usd(sum(countedIn(window), 'billed')),
    paid: usd(sum(countedIn(window), 'paid')),
    threshold: usd(threshold),
    shortfall: usd(isBelow(total) ? threshold.minus(total) : new Big(0)),
    share: threshold.eq(0) ? '1.0000' : unsigned(quotient(total, threshold).toFixed(4, HALF_EVEN)),
    meetsThreshold: !isBelow(total),
    months: monthsOf(asOf, policy).map((span) => ({
      month: span.through.slice(0, 7),
      amount: usd(sum(countedIn(span))),
    })),
    excluded: REASONS.map((reason) => ({
      reason,
      amount: usd(sum((effect) => reasonOf(effect, window, question) === reason)),
    })).filter(({ amount }) => amount.amount !== '0.00'),
    ...(fallsFrom !== undefined && { belowThresholdFrom: fallsFrom }),
  };
}

/** The sum of all amounts, counted or not, on the policy's basis. */
export const plainControlTotal = (question: PlainQuestion) =>
  usd(sumOf(effectsOf(question), question.policy.revenueBasis));

const HALF_EVEN = 2;
const REASONS = [
  'duplicate',
  'cloud',
  'perpetual-software',
  'partner-owned',
  'not-as-indirect-reseller',
  'outside-window',
  'disallowed',
];

interface Effect {
  readonly entry: RecordedRevenue;
  readonly isRepeat: boolean;
  readonly isDisallowed: boolean;
  readonly on: string;
  readonly billed: string;
  readonly paid: string;
}

const sumOf = (effects: readonly Effect[], basis: Policy['revenueBasis']): Big =>
  effects.reduce((total, effect) => total.plus(effect[basis]), new Big(0));

function effectsOf({ history, asOf }: PlainQuestion): readonly Effect[] {
  return history.flatMap((event, index): Effect[] => {
    if (event.type === 'RevenueReviewed') return [];
    const before = history.slice(0, index).find(recordsEntry(event.data.revenueId));
    const isRepeat = event.type === 'RevenueRecorded' && before !== undefined;
    const entry = event.type === 'RevenueRecorded' ? event.data : before?.data;
    if (!entry) throw new Error(`${event.data.revenueId} was never recorded`);
    const what = { entry, isRepeat, isDisallowed: isDisallowedOn(asOf, entry.revenueId, history) };
    const amount = event.data.usdAmount.amount;
    switch (event.type) {
      case 'RevenueRecorded':
        return [{ ...what, on: event.data.recognizedOn, billed: amount, paid: '0' }];
      case 'RevenueReversed':
        return [{ ...what, on: event.data.on, billed: minus(amount), paid: minus(amount) }];
      case 'RevenuePaid':
        return [{ ...what, on: event.data.paidOn, billed: '0', paid: amount }];
    }
  });
}

type RecordedEvent = Extract<RevenueEvent, { type: 'RevenueRecorded' }>;

const recordsEntry =
  (revenueId: string) =>
  (event: RevenueEvent): event is RecordedEvent =>
    event.type === 'RevenueRecorded' && event.data.revenueId === revenueId;

function isDisallowedOn(
  date: string,
  revenueId: string,
  history: readonly RevenueEvent[],
): boolean {
  const reviews = history.flatMap((event) =>
    event.type === 'RevenueReviewed' && event.data.revenueId === revenueId ? [event.data] : [],
  );
  // A stable sort: among equals the last in the log stays last.
  return (
    reviews
      .filter(({ on }) => on <= date)
      .sort((a, b) => a.on.localeCompare(b.on))
      .at(-1)?.outcome === 'disallowed'
  );
}

function reasonOf(
  { entry, isRepeat, isDisallowed, on }: Effect,
  span: Span,
  { policy, countedModels }: PlainQuestion,
): string | undefined {
  if (isRepeat) return 'duplicate';
  if (entry.family === 'partner-owned' || policy.excludedFamilies.includes(entry.family))
    return entry.family;
  if (!countedModels.includes(entry.soldAs)) return 'not-as-indirect-reseller';
  if (on <= span.after || on > span.through) return 'outside-window';
  return isDisallowed ? 'disallowed' : undefined;
}

interface Span {
  readonly after: string;
  readonly through: string;
}

const windowOn = (asOf: string, policy: Policy): Span => ({
  after: endOfMonths(asOf, policy, 12),
  through: endOfMonths(asOf, policy, 0),
});

const monthsOf = (asOf: string, policy: Policy): readonly Span[] =>
  [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((k) => ({
    after: endOfMonths(asOf, policy, k + 1),
    through: endOfMonths(asOf, policy, k),
  }));

// Temporal is slow, and the same days are asked again and again.
const ends = new Map<string, string>();

function endOfMonths(asOf: string, { revenueWindow }: Policy, months: number): string {
  const question = `${revenueWindow} ${asOf} ${months}`;
  const end = ends.get(question) ?? askTemporal(asOf, revenueWindow, months).toString();
  ends.set(question, end);
  return end;
}

function askTemporal(
  asOf: string,
  revenueWindow: Policy['revenueWindow'],
  months: number,
): Temporal.PlainDate {
  const date = Temporal.PlainDate.from(asOf);
  if (revenueWindow === 'rolling-12-months') return date.subtract({ months });
  return date.with({ day: 1 }).subtract({ months }).subtract({ days: 1 });
}

/** Long enough that every sale up to the date has left both windows. */
function daysAfter(asOf: string): readonly string[] {
  const days = [plusDay(asOf)];
  while (days.length < 400) days.push(plusDay(days.at(-1) ?? asOf));
  return days;
}

const nextDays = new Map<string, string>();

function plusDay(date: string): string {
  const next = nextDays.get(date) ?? Temporal.PlainDate.from(date).add({ days: 1 }).toString();
  nextDays.set(date, next);
  return next;
}

const minus = (amount: string): string => new Big(amount).times(-1).toFixed();

const usd = (amount: Big) => ({ amount: unsigned(amount.toFixed(2)), currency: 'USD' });

const unsigned = (text: string): string => (/^-0\.0+$/.test(text) ? text.slice(1) : text);

/** Enough places that rounding once more to four is right. */
function quotient(part: Big, whole: Big): Big {
  const Exact = Big();
  Exact.DP = 40;
  return new Exact(part).div(new Exact(whole));
}
