import type { Proposed } from '../../shared/event.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import { nextTermStart } from '../terms/term.js';
import type {
  AtTermEnd,
  Subscription,
  SubscriptionRefusal,
  SubscriptionStep,
} from './subscription.js';
import { cancel, changeQuantity, resume, setAtTermEnd, suspend } from './subscription-changes.js';
import type { SubscriptionEvent } from './subscription-events.js';
import { isRunning, type SubscriptionRecord } from './subscription-record.js';
import { reachTermEnd } from './term-steps.js';

/** A command on a subscription. Seats are added by an order, so a quantity is lower than before. */
export type SubscriptionCommand =
  | { readonly type: 'reduce'; readonly quantity: number }
  | { readonly type: 'suspend' | 'resume'; readonly on?: string; readonly reason: string }
  | { readonly type: 'cancel'; readonly reason: string }
  | { readonly type: 'set-term-end'; readonly atTermEnd: AtTermEnd }
  | { readonly type: 'set-vendor-id'; readonly vendorId: string | null };

export type SubscriptionCommandRefusal =
  | SubscriptionRefusal
  /** Changes are dated today. */
  | { readonly code: 'date-not-today'; readonly today: string };

export interface SubscriptionFacts {
  /** UTC. */
  readonly today: string;
  /** Of seats of today, by today's policy. */
  readonly windowDays: number;
}

type Decision = Result<readonly Proposed<SubscriptionEvent>[], SubscriptionCommandRefusal>;

export function decideSubscription(
  command: SubscriptionCommand,
  record: SubscriptionRecord,
  { today, windowDays }: SubscriptionFacts,
): Decision {
  const { subscription } = record;
  switch (command.type) {
    case 'reduce': {
      const { quantity } = command;
      return when(
        changeQuantity(subscription, { on: today, causedBy: '', quantity, windowDays }),
        subscription,
        { type: 'SubscriptionQuantityChanged', data: { on: today, quantity, windowDays } },
      );
    }
    case 'suspend':
    case 'resume': {
      const { type, on = today, reason } = command;
      if (on !== today) return refuse({ code: 'date-not-today', today });
      return type === 'suspend'
        ? when(suspend(subscription), subscription, {
            type: 'SubscriptionSuspended',
            data: { on, reason },
          })
        : when(resume(subscription), subscription, {
            type: 'SubscriptionResumed',
            data: { on, reason },
          });
    }
    case 'cancel':
      return when(cancel(subscription, { on: today, causedBy: '' }), subscription, {
        type: 'SubscriptionCancelled',
        data: { on: today, reason: command.reason },
      });
    case 'set-term-end':
      return setTermEnd(command.atTermEnd, subscription, today);
    case 'set-vendor-id': {
      const { vendorId } = command;
      return accept(
        vendorId === (record.vendorId ?? null)
          ? []
          : [{ type: 'SubscriptionVendorIdSet', data: { vendorId } }],
      );
    }
  }
}

/** Only a renewal has a quantity, a term and a plan; a cancellation ignores them. */
function setTermEnd(atTermEnd: AtTermEnd, subscription: Subscription, on: string): Decision {
  const step = setAtTermEnd(subscription, atTermEnd);
  if (!step.ok) return step;
  const after = inOrder(step.value.subscription.atTermEnd);
  const isSame = JSON.stringify(inOrder(subscription.atTermEnd)) === JSON.stringify(after);
  return accept(isSame ? [] : [{ type: 'SubscriptionTermEndSet', data: { ...after, on } }]);
}

const inOrder = ({ action, quantity, term, billingPlan }: AtTermEnd): AtTermEnd => ({
  action,
  ...(quantity !== undefined && { quantity }),
  ...(term !== undefined && { term }),
  ...(billingPlan !== undefined && { billingPlan }),
});

/** The event, unless the step is refused or changes nothing. */
function when(
  step: Result<SubscriptionStep, SubscriptionRefusal>,
  before: Subscription,
  event: Proposed<SubscriptionEvent>,
): Decision {
  if (!step.ok) return step;
  return accept(step.value.subscription === before ? [] : [event]);
}

/** The scheduled quantity, term and plan, which a change of the subscription drops. */
export function scheduleOf({ atTermEnd }: Subscription): Omit<AtTermEnd, 'action'> | undefined {
  const { action: _action, ...schedule } = atTermEnd;
  return Object.keys(schedule).length > 0 ? schedule : undefined;
}

/** The effect of a day on a subscription whose term ended the day before. */
export function decideTermEnd(
  { subscription }: SubscriptionRecord,
  {
    day,
    windowDays,
    begunAt,
  }: { readonly day: string; readonly windowDays: number; readonly begunAt: number },
): readonly Proposed<SubscriptionEvent>[] {
  if (!isRunning(subscription) || nextTermStart(subscription.term) !== day) return [];
  const { status, term, quantity } = reachTermEnd(subscription, {
    causedBy: '',
    windowDays,
  }).subscription;
  return status === 'expired'
    ? [{ type: 'SubscriptionExpired', data: { on: day } }]
    : [{ type: 'SubscriptionRenewed', data: { ...term, quantity, windowDays, begunAt } }];
}
