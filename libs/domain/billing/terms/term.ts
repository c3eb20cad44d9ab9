import type { BillingPlan, OfferTerm } from '../../catalog/price-list.js';
import { addDays, addMonthsClamped } from '../../shared/calendar.js';

/** The terms that renew. An offer without a term is a one-time purchase. */
export type SubscriptionTerm = Exclude<OfferTerm, 'none'>;

/** The days of one term, `to` included. Partner Center's dates of a term are inclusive as well. */
export interface Term {
  readonly duration: SubscriptionTerm;
  readonly billingPlan: BillingPlan;
  readonly from: string;
  readonly to: string;
}

const months: Readonly<Record<SubscriptionTerm, number>> = { P1M: 1, P1Y: 12, P3Y: 36 };

/** Months between two cycle starts; a plan longer than its term has one cycle. */
export function monthsOfCycle({
  duration,
  billingPlan,
}: Pick<Term, 'duration' | 'billingPlan'>): number {
  const monthsOfPlan: Readonly<Record<BillingPlan, number>> = {
    monthly: 1,
    annual: 12,
    triennial: 36,
    one_time: months[duration],
  };
  return Math.min(monthsOfPlan[billingPlan], months[duration]);
}

/** How many parts the price of a term is charged in: P1Y monthly 12, P3Y annual 3. */
export const cyclesPerTerm = (term: Pick<Term, 'duration' | 'billingPlan'>): number =>
  months[term.duration] / monthsOfCycle(term);

/** A term of the nominal length: the next one starts on start + duration, clamped. */
export const termFrom = (
  from: string,
  duration: SubscriptionTerm,
  billingPlan: BillingPlan,
): Term => ({ duration, billingPlan, from, to: addDays(endOfNominalTerm(from, duration), -1) });

export const nextTermStart = ({ to }: Pick<Term, 'to'>): string => addDays(to, 1);

/** False of imported terms that end on another day than their start and duration say. */
export const isNominal = ({ from, to, duration }: Term): boolean =>
  addDays(to, 1) === endOfNominalTerm(from, duration);

const endOfNominalTerm = (from: string, duration: SubscriptionTerm): string =>
  addMonthsClamped(from, months[duration]);
