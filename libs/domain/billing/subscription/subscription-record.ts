import { addDays } from '../../shared/calendar.js';
import { unreachable } from '../../shared/event.js';
import type { EventId, OrderId, SubscriptionId } from '../../shared/ids.js';
import type { Result } from '../../shared/result.js';
import { isNominal, nextTermStart, type Term } from '../terms/term.js';
import type {
  CausedCharge,
  Subscription,
  SubscriptionRefusal,
  SubscriptionStep,
} from './subscription.js';
import { cancel, changeQuantity, resume, setAtTermEnd, suspend } from './subscription-changes.js';
import type { SubscribedOffer, SubscriptionEvent } from './subscription-events.js';
import { cycleChargesDue, imported, startTerm } from './term-steps.js';

/** A term, and the charges that fell due in it through `accruedThrough` of the record. */
export interface RecordedTerm extends Pick<Term, 'from' | 'to' | 'duration' | 'billingPlan'> {
  readonly begunBy: EventId;
  /** The position whose prices the term has. An imported term has its own prices. */
  readonly begunAt?: number;
  /** Prices of one unit for the whole term that the event states. */
  readonly stated: {
    readonly cost?: string;
    readonly customer?: string;
    readonly reseller?: string;
  };
  readonly quantity: number;
  readonly charges: readonly CausedCharge[];
}

/** A subscription as its events leave it, with every term that it has had. Plain JSON. */
export interface SubscriptionRecord {
  readonly subscriptionId: SubscriptionId;
  readonly sold: SubscribedOffer;
  /** The line of the order that it comes from; an imported subscription has none. */
  readonly order?: { readonly orderId: OrderId; readonly line: number };
  /** Microsoft's own id of it. */
  readonly vendorId?: string;
  readonly subscription: Subscription;
  readonly terms: readonly [RecordedTerm, ...RecordedTerm[]];
  /** The charges in `terms` are those through this day; empty: none of the cycles yet. */
  readonly accruedThrough: string;
  /** The day of the cancellation, or the first day after the last term. */
  readonly endedOn?: string;
}

/** The state of the stream `subscription-<subscriptionId>`. */
export interface SubscriptionState {
  readonly record?: SubscriptionRecord;
}

export const noSubscription: SubscriptionState = {};

export function evolveSubscription(
  { record }: SubscriptionState,
  event: SubscriptionEvent,
): SubscriptionState {
  if (event.type === 'SubscriptionActivated') return { record: activated(event) };
  if (event.type === 'SubscriptionImported') return { record: importedRecord(event) };
  if (!record) throw new Error(`${event.stream} has no subscription`);
  return { record: evolveRecord(record, event) };
}

/** The charges that fell due through a day, each with the term whose prices it has. */
export const chargesThrough = (
  record: SubscriptionRecord,
  day: string,
): readonly { readonly term: RecordedTerm; readonly charge: CausedCharge }[] =>
  accrued(record, day).terms.flatMap((term) =>
    term.charges.filter(({ date }) => date <= day).map((charge) => ({ term, charge })),
  );

export const currentTerm = ({ terms }: Pick<SubscriptionRecord, 'terms'>): RecordedTerm =>
  terms.at(-1) ?? terms[0];

export const isRunning = ({ status }: Subscription): boolean =>
  status === 'active' || status === 'suspended';

/**
 * The day of the month on which its cycles and terms start. In a shorter month they start on the
 * last day.
 */
export const cycleDayOf = (term: Term): number =>
  Number((isNominal(term) ? term.from : nextTermStart(term)).slice(8));

type EventOf<Type extends SubscriptionEvent['type']> = Extract<SubscriptionEvent, { type: Type }>;

function evolveRecord(
  record: SubscriptionRecord,
  event: Exclude<
    SubscriptionEvent,
    { readonly type: 'SubscriptionActivated' | 'SubscriptionImported' }
  >,
): SubscriptionRecord {
  switch (event.type) {
    case 'SubscriptionQuantityChanged':
      return changed(record, event, (subscription) =>
        changeQuantity(subscription, { ...event.data, causedBy: event.id }),
      );
    case 'SubscriptionSuspended':
      return changed(record, event, suspend);
    case 'SubscriptionResumed':
      return changed(record, event, resume);
    case 'SubscriptionCancelled':
      return {
        ...changed(record, event, (subscription) =>
          cancel(subscription, { on: event.data.on, causedBy: event.id }),
        ),
        endedOn: event.data.on,
      };
    case 'SubscriptionTermEndSet': {
      const { on: _on, ...atTermEnd } = event.data;
      return changed(record, event, (subscription) => setAtTermEnd(subscription, atTermEnd));
    }
    case 'SubscriptionRenewed':
      return renewed(record, event);
    case 'SubscriptionExpired': {
      const before = accrued(record, addDays(event.data.on, -1));
      return {
        ...before,
        subscription: { ...before.subscription, status: 'expired', batches: [] },
        endedOn: event.data.on,
      };
    }
    case 'SubscriptionVendorIdSet': {
      const { vendorId: _before, ...rest } = record;
      const { vendorId } = event.data;
      return vendorId === null ? rest : { ...rest, vendorId };
    }
    default:
      return unreachable(event);
  }
}

function activated({ id, data }: EventOf<'SubscriptionActivated'>): SubscriptionRecord {
  const { subscriptionId, orderId, line, unitPrice, begunAt, ...rest } = data;
  const { from, to, duration, billingPlan, quantity, windowDays, ...sold } = rest;
  const term = { from, to, duration, billingPlan };
  const step = startTerm({ term, began: 'activated', causedBy: id, quantity, windowDays });
  const { subscription, charges } = step;
  const stated = { cost: unitPrice };
  return {
    subscriptionId,
    sold,
    order: { orderId, line },
    subscription,
    terms: [{ ...term, begunBy: id, begunAt, stated, quantity, charges }],
    accruedThrough: from,
  };
}

function importedRecord({ id, data }: EventOf<'SubscriptionImported'>): SubscriptionRecord {
  const { subscriptionId, vendorId, billedThrough, unitPrice, prices, atTermEnd, ...rest } = data;
  const { from, to, duration, billingPlan, quantity, ...sold } = rest;
  const term = { from, to, duration, billingPlan };
  const stated = { cost: unitPrice, ...prices };
  return {
    subscriptionId,
    sold,
    ...(vendorId !== undefined && { vendorId }),
    subscription: imported({ term, quantity, billedThrough, action: atTermEnd, causedBy: id }),
    terms: [{ ...term, begunBy: id, stated, quantity, charges: [] }],
    accruedThrough: '',
  };
}

function renewed(
  record: SubscriptionRecord,
  { id, data }: EventOf<'SubscriptionRenewed'>,
): SubscriptionRecord {
  const { from, to, duration, billingPlan, quantity, windowDays, begunAt } = data;
  const before = accrued(record, addDays(from, -1));
  const term = { from, to, duration, billingPlan };
  const step = startTerm({ term, began: 'renewed', causedBy: id, quantity, windowDays });
  return {
    ...before,
    subscription: step.subscription,
    terms: [
      ...before.terms,
      { ...term, begunBy: id, begunAt, stated: {}, quantity, charges: step.charges },
    ],
    accruedThrough: from,
  };
}

/**
 * The effect of an event on its day. The cycle that starts on this day is charged first, at the
 * quantity before the change.
 */
function changed(
  record: SubscriptionRecord,
  event: SubscriptionEvent & { readonly data: { readonly on: string } },
  change: (subscription: Subscription) => Result<SubscriptionStep, SubscriptionRefusal>,
): SubscriptionRecord {
  const before = accrued(record, event.data.on);
  const step = change(before.subscription);
  if (!step.ok) throw new Error(`${event.id} is not a possible change: ${step.refusal.code}`);
  return withCharges({ ...before, subscription: step.value.subscription }, step.value.charges);
}

/** With the charges of the cycles that start through a day. */
function accrued(record: SubscriptionRecord, through: string): SubscriptionRecord {
  const { accruedThrough, subscription } = record;
  if (through <= accruedThrough) return record;
  const charges = cycleChargesDue(subscription, { after: accruedThrough, through });
  return { ...withCharges(record, charges), accruedThrough: through };
}

/** They belong to the current term. */
function withCharges(
  record: SubscriptionRecord,
  charges: readonly CausedCharge[],
): SubscriptionRecord {
  if (charges.length === 0) return record;
  const [first, ...others] = record.terms;
  const last = others.pop();
  const added = <T extends RecordedTerm>(term: T): T => ({
    ...term,
    charges: [...term.charges, ...charges],
  });
  return { ...record, terms: last ? [first, ...others, added(last)] : [added(first)] };
}
