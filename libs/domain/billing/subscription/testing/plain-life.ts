import type { BillingPlan } from '../../../catalog/price-list.js';
import type { SubscriptionTerm } from '../../terms/term.js';

/**
 * The life of a subscription, computed slowly and obviously: one day after the other, one object
 * for each seat, exact fractions of whole numbers. Days are counted from 1970. It shares no code
 * with the model that it checks.
 */
export type Command =
  | { readonly day: number; readonly do: 'quantity'; readonly quantity: number }
  | { readonly day: number; readonly do: 'suspend' | 'resume' | 'cancel' }
  | {
      readonly day: number;
      readonly do: 'atTermEnd';
      readonly action: 'renew' | 'cancel';
      readonly quantity?: number;
      readonly term?: SubscriptionTerm;
      readonly billingPlan?: BillingPlan;
    };

export interface Life {
  readonly start: string;
  readonly days: number;
  readonly term: SubscriptionTerm;
  readonly billingPlan: BillingPlan;
  readonly quantity: number;
  readonly windowDays: number;
  /** Of one unit for the whole term, in minor units. */
  readonly minorUnits: number;
  readonly rounding: 'truncate' | 'half-even';
  /** In the order of their days. */
  readonly commands: readonly Command[];
}

export interface PlainCharge {
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly date: string;
  readonly quantity: number;
  readonly minorUnits: bigint;
}

export interface PlainResult {
  readonly charges: readonly PlainCharge[];
  /** A refusal's code, or `ok`, for each command. */
  readonly outcomes: readonly string[];
  /** For each day: `status quantity refundable`, at its end, one line a day. */
  readonly days: string;
}

const monthsOf = { P1M: 1, P1Y: 12, P3Y: 36 };

export function plainLife(life: Life): PlainResult {
  const charges: PlainCharge[] = [];
  const outcomes: string[] = [];
  const days: string[] = [];
  const start = Date.parse(life.start) / 86_400_000;
  let { term, billingPlan } = life;
  let termStart = start;
  let status = 'active';
  let seats = seatsUntil(start + life.windowDays, life.quantity);
  let action = 'renew';
  let scheduled: {
    readonly quantity?: number;
    readonly term?: SubscriptionTerm;
    readonly billingPlan?: BillingPlan;
  } = {};

  const monthsOfCycle = (): number => {
    if (billingPlan === 'monthly') return 1;
    if (billingPlan === 'annual' && term !== 'P1M') return 12;
    return monthsOf[term];
  };
  const cycleStart = (n: number): number => monthsLater(termStart, n * monthsOfCycle());
  const termEnd = (): number => monthsLater(termStart, monthsOf[term]);
  const charge = (type: string, day: number, quantity: number, sign: 1n | -1n): void => {
    let n = 0;
    while (cycleStart(n + 1) <= day) n += 1;
    const next = cycleStart(n + 1);
    const cycles = monthsOf[term] / monthsOfCycle();
    const dividend = BigInt(life.minorUnits) * BigInt(quantity) * BigInt(next - day);
    const divisor = BigInt(cycles) * BigInt(next - cycleStart(n));
    charges.push({
      type,
      from: dateOf(day),
      to: dateOf(next - 1),
      date: dateOf(day),
      quantity,
      minorUnits: sign * rounded(dividend, divisor, life.rounding),
    });
  };
  const isCycleStart = (day: number): boolean => {
    for (let n = 0; cycleStart(n) <= day; n += 1) if (cycleStart(n) === day) return true;
    return false;
  };
  const open = (day: number): Seat[] => seats.filter(({ until }) => day <= until);

  const obey = (command: Command, day: number): string => {
    switch (command.do) {
      case 'quantity': {
        if (status !== 'active') return 'subscription-not-active';
        const before = seats.length;
        if (command.quantity === before) return 'ok';
        if (command.quantity > before) {
          seats.push(...seatsUntil(day + life.windowDays, command.quantity - before));
          charge('addQuantity', day, before, -1n);
          charge('addQuantity', day, command.quantity, 1n);
        } else {
          if (open(day).length < before - command.quantity) return 'reduction-window-closed';
          while (seats.length > command.quantity) {
            const first = open(day).reduce((a, b) => (a.until <= b.until ? a : b));
            seats.splice(seats.indexOf(first), 1);
          }
          charge('removeQuantity', day, before, -1n);
          charge('removeQuantity', day, command.quantity, 1n);
        }
        scheduled = {};
        return 'ok';
      }
      case 'suspend':
        if (status === 'suspended') return 'ok';
        if (status !== 'active') return 'subscription-not-active';
        status = 'suspended';
        action = 'cancel';
        scheduled = {};
        return 'ok';
      case 'resume':
        if (status === 'active') return 'ok';
        if (status !== 'suspended') return 'subscription-not-active';
        status = 'active';
        return 'ok';
      case 'cancel':
        if (status === 'cancelled') return 'ok';
        if (status === 'expired') return 'subscription-not-active';
        if (open(day).length < seats.length) return 'cancellation-window-closed';
        charge('cancelImmediate', day, seats.length, -1n);
        status = 'cancelled';
        return 'ok';
      case 'atTermEnd': {
        if (status !== 'active') return 'subscription-not-active';
        if ((command.quantity ?? 0) > seats.length) return 'scheduled-quantity-too-large';
        action = command.action;
        const { quantity, term: nextTerm, billingPlan: nextPlan } = command;
        scheduled = {};
        if (action === 'renew' && quantity) scheduled = { ...scheduled, quantity };
        if (action === 'renew' && nextTerm) scheduled = { ...scheduled, term: nextTerm };
        if (action === 'renew' && nextPlan) scheduled = { ...scheduled, billingPlan: nextPlan };
        return 'ok';
      }
    }
  };

  for (let n = 0; n < life.days; n += 1) {
    const day = start + n;
    const isRunning = status === 'active' || status === 'suspended';
    if (n === 0) charge('new', day, seats.length, 1n);
    else if (isRunning && day === termEnd()) {
      if (action === 'cancel') status = 'expired';
      else {
        termStart = day;
        seats = seatsUntil(day + life.windowDays, scheduled.quantity ?? seats.length);
        term = scheduled.term ?? term;
        billingPlan = scheduled.billingPlan ?? billingPlan;
        scheduled = {};
        charge('renew', day, seats.length, 1n);
      }
    } else if (isRunning && isCycleStart(day)) charge('cycleCharge', day, seats.length, 1n);

    for (const command of life.commands) if (command.day === n) outcomes.push(obey(command, day));
    const isOver = status === 'cancelled' || status === 'expired';
    days.push(`${status} ${seats.length} ${isOver ? 0 : open(day).length}`);
  }
  return { charges, outcomes, days: days.join('\n') };
}

interface Seat {
  readonly until: number;
}
const seatsUntil = (until: number, count: number): Seat[] =>
  Array.from({ length: count }, () => ({ until }));

const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** The same day of the month, or the last one of a month that is too short. */
function monthsLater(day: number, months: number): number {
  const date = new Date(day * 86_400_000);
  const dayOfMonth = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const month = date.getUTCMonth();
  date.setUTCDate(dayOfMonth);
  if (date.getUTCMonth() !== month) date.setUTCDate(0);
  return date.getTime() / 86_400_000;
}

function rounded(dividend: bigint, divisor: bigint, rounding: Life['rounding']): bigint {
  const floor = dividend / divisor;
  if (rounding === 'truncate') return floor;
  const twice = 2n * (dividend % divisor);
  if (twice > divisor) return floor + 1n;
  return twice === divisor && floor % 2n === 1n ? floor + 1n : floor;
}
