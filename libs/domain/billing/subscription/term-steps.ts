import { addDays } from '../../shared/calendar.js';
import { type ChargeBasis, cycleCharge } from '../charges/charge-basis.js';
import { cyclesOf } from '../terms/cycle.js';
import { nextTermStart, type SubscriptionTerm, type Term, termFrom } from '../terms/term.js';
import { seatBatch } from './seat-batches.js';
import type {
  CausedCharge,
  Subscription,
  SubscriptionChange,
  SubscriptionStep,
} from './subscription.js';

/** A placed order line becomes a subscription on the order's date. Its first cycle is due at once. */
export function activate({
  on,
  causedBy,
  term,
  billingPlan,
  quantity,
  windowDays,
}: SubscriptionChange & {
  readonly term: SubscriptionTerm;
  readonly billingPlan: Term['billingPlan'];
  readonly quantity: number;
  readonly windowDays: number;
}): SubscriptionStep {
  return startTerm({
    term: termFrom(on, term, billingPlan),
    began: 'activated',
    causedBy,
    quantity,
    windowDays,
  });
}

/** All seats are one batch, and nothing is scheduled for the end of the term. */
export const startTerm = ({
  term,
  began,
  causedBy,
  quantity,
  windowDays,
}: {
  readonly term: Term;
  readonly began: 'activated' | 'renewed';
  readonly causedBy: string;
  readonly quantity: number;
  readonly windowDays: number;
}): SubscriptionStep =>
  withFirstCycle({
    status: 'active',
    term,
    began,
    begunBy: causedBy,
    quantity,
    batches: [seatBatch(quantity, term.from, windowDays)],
    atTermEnd: { action: 'renew' },
  });

/** A running subscription of an adopter: any term dates, no open window. */
export const imported = ({
  term,
  quantity,
  billedThrough,
  action,
  causedBy,
}: {
  readonly term: Term;
  readonly quantity: number;
  readonly billedThrough: string;
  readonly action: 'renew' | 'cancel';
  readonly causedBy: string;
}): Subscription => ({
  status: 'active',
  term,
  began: 'imported',
  begunBy: causedBy,
  quantity,
  batches: [],
  atTermEnd: { action },
  billedThrough,
});

/**
 * The day after the term's last: the next term starts, or the subscription expires. A renewal is a
 * new batch of all seats. Nothing is scheduled for the end of the new term; its action stays.
 */
export function reachTermEnd(
  subscription: Subscription,
  { causedBy, windowDays }: { readonly causedBy: string; readonly windowDays: number },
): SubscriptionStep {
  const { term, atTermEnd } = subscription;
  if (subscription.status !== 'active' || atTermEnd.action === 'cancel')
    return { subscription: { ...subscription, status: 'expired', batches: [] }, charges: [] };

  const on = nextTermStart(term);
  const quantity = atTermEnd.quantity ?? subscription.quantity;
  return startTerm({
    term: termFrom(on, atTermEnd.term ?? term.duration, atTermEnd.billingPlan ?? term.billingPlan),
    began: 'renewed',
    causedBy,
    quantity,
    windowDays,
  });
}

/**
 * The charges of the cycles that start after one day and through another, at the present quantity.
 * Days are processed in order, so every cycle is charged at the quantity of its first day. A
 * suspended subscription is billed too.
 */
export function cycleChargesDue(
  subscription: Subscription,
  { after, through }: { readonly after: string; readonly through: string },
): readonly CausedCharge[] {
  if (subscription.status !== 'active' && subscription.status !== 'suspended') return [];
  return cycleCharges(subscription).filter(({ date }) => after < date && date <= through);
}

function cycleCharges(subscription: Subscription): readonly CausedCharge[] {
  const { term, quantity, begunBy, billedThrough } = subscription;
  const firstUnbilled = billedThrough === undefined ? term.from : addDays(billedThrough, 1);
  return cyclesOf(term)
    .filter(({ to }) => firstUnbilled <= to)
    .map((cycle) => {
      const from = cycle.from < firstUnbilled ? firstUnbilled : cycle.from;
      const type = from === term.from ? firstCycleType[subscription.began] : 'cycleCharge';
      return { ...cycleCharge(type, term, { ...cycle, from }, quantity), causedBy: begunBy };
    });
}

const firstCycleType = {
  activated: 'new',
  renewed: 'renew',
  imported: 'cycleCharge',
} as const satisfies Record<Subscription['began'], ChargeBasis['type']>;

const withFirstCycle = (subscription: Subscription): SubscriptionStep => ({
  subscription,
  charges: cycleCharges(subscription).slice(0, 1),
});
