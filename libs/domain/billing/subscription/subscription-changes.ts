import { accept, refuse, type Result } from '../../shared/result.js';
import { cancellationCredit, type ChargeBasis, quantityChange } from '../charges/charge-basis.js';
import { refundableQuantity, seatBatch, withoutSeats } from './seat-batches.js';
import type {
  AtTermEnd,
  CausedCharge,
  Subscription,
  SubscriptionChange,
  SubscriptionRefusal,
  SubscriptionStep,
} from './subscription.js';

type Changed = Result<SubscriptionStep, SubscriptionRefusal>;

/** Added seats have a separate window; only seats in an open window can be removed. */
export function changeQuantity(
  subscription: Subscription,
  {
    on,
    causedBy,
    quantity,
    windowDays,
  }: SubscriptionChange & {
    readonly quantity: number;
    readonly windowDays: number;
  },
): Changed {
  const { status, term, quantity: before, batches } = subscription;
  if (status !== 'active') return refuse({ code: 'subscription-not-active', status });
  if (quantity === before) return unchanged(subscription);

  const after =
    quantity > before
      ? [...batches, seatBatch(quantity - before, on, windowDays)]
      : withoutSeats(batches, before - quantity, on);
  if (after === undefined)
    return refuse({
      code: 'reduction-window-closed',
      refundable: refundableQuantity(batches, on),
    });

  return changed(
    subscription,
    { quantity, batches: after },
    caused(causedBy, quantityChange(term, on, before, quantity)),
  );
}

/** A suspended subscription is still billed. It does not renew unless that is set again. */
export function suspend(subscription: Subscription): Changed {
  const { status } = subscription;
  if (status === 'suspended') return unchanged(subscription);
  if (status !== 'active') return refuse({ code: 'subscription-not-active', status });
  return changed(subscription, { status: 'suspended', atTermEnd: { action: 'cancel' } }, []);
}

/** Never starts a term, so it can follow any number of suspensions (killbill #2306). */
export function resume(subscription: Subscription): Changed {
  const { status } = subscription;
  if (status === 'active') return unchanged(subscription);
  if (status !== 'suspended') return refuse({ code: 'subscription-not-active', status });
  return accept({ subscription: { ...subscription, status: 'active' }, charges: [] });
}

/** While every seat is in an open window. The rest of the cycle is credited, this day included. */
export function cancel(subscription: Subscription, { on, causedBy }: SubscriptionChange): Changed {
  const { status, term, quantity, batches } = subscription;
  if (status === 'cancelled') return unchanged(subscription);
  if (status === 'expired') return refuse({ code: 'subscription-not-active', status });
  const refundable = refundableQuantity(batches, on);
  if (refundable.total < quantity)
    return refuse({ code: 'cancellation-window-closed', refundable });

  return changed(
    subscription,
    { status: 'cancelled', batches: [] },
    caused(causedBy, [cancellationCredit(term, on, quantity)]),
  );
}

/** A cancelled renewal has nothing scheduled. Seats can only be added by an order, never here. */
export function setAtTermEnd(subscription: Subscription, atTermEnd: AtTermEnd): Changed {
  const { status, quantity } = subscription;
  if (status !== 'active') return refuse({ code: 'subscription-not-active', status });
  if (atTermEnd.quantity !== undefined && atTermEnd.quantity > quantity)
    return refuse({ code: 'scheduled-quantity-too-large', quantity });
  return accept({
    subscription: {
      ...subscription,
      atTermEnd: atTermEnd.action === 'renew' ? atTermEnd : { action: 'cancel' },
    },
    charges: [],
  });
}

const unchanged = (subscription: Subscription): Changed => accept({ subscription, charges: [] });

/** Every change but a resumption drops the scheduled quantity, term and plan; the action stays. */
function changed(
  subscription: Subscription,
  changes: Partial<Subscription>,
  charges: readonly CausedCharge[],
): Changed {
  const { action, ...schedule } = subscription.atTermEnd;
  const dropped = Object.keys(schedule).length > 0 ? { hasDroppedSchedule: true as const } : {};
  return accept({
    subscription: { ...subscription, atTermEnd: { action }, ...changes },
    charges,
    ...dropped,
  });
}

const caused = (causedBy: string, charges: readonly ChargeBasis[]): readonly CausedCharge[] =>
  charges.map((charge) => ({ ...charge, causedBy }));
