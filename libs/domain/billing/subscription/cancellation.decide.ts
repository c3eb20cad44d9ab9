import type { OrderStatus, PlacedOrderLine } from '../../order/order.js';
import type { Policy } from '../../program/policy.js';
import { cancel } from './subscription-changes.js';
import type { SubscriptionRecord } from './subscription-record.js';
import { daysBetween } from '../../shared/calendar.js';
import type { Proposed } from '../../shared/event.js';
import type { SubscriptionId } from '../../shared/ids.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import type { CustomerEvent, OrderDecided } from '../../customer/customer.js';

/** The status of an order whose validation is known. */
type DecidedStatus = Exclude<OrderStatus, 'pending'>;

export type CancellationRefusal =
  | { readonly code: 'order-adds-seats'; readonly subscriptionId: SubscriptionId | undefined }
  | { readonly code: 'order-not-placed'; readonly orderStatus: Exclude<DecidedStatus, 'placed'> }
  | {
      readonly code: 'cancellation-window-closed';
      readonly windowDays: number;
      readonly orderedOn: string;
      /** The subscription whose seats are not all in an open window. */
      readonly subscriptionId?: SubscriptionId;
    };

export interface CancellationFacts {
  readonly status: DecidedStatus;
  /** In force today. */
  readonly policy: Policy;
  /** The UTC date. */
  readonly today: string;
  /** Those that the order's lines became, as the effects of earlier events left them. */
  readonly subscriptions: readonly SubscriptionRecord[];
}

/**
 * A placed order may be cancelled while every subscription that it became may be, and within a
 * window of days after its date (UTC) for its other lines, the last day included. Perpetual software
 * has a window of its own.
 */
export function cancelOrder(
  {
    orderId,
    kind,
    subscriptionId,
    lines,
    decision: { date: orderedOn },
  }: Pick<OrderDecided, 'orderId' | 'kind' | 'subscriptionId' | 'lines' | 'decision'>,
  reason: string,
  { status, policy, today, subscriptions }: CancellationFacts,
): Result<readonly Proposed<CustomerEvent>[], CancellationRefusal> {
  if (status !== 'placed') return refuse({ code: 'order-not-placed', orderStatus: status });
  if (kind === 'add-quantity') return refuse({ code: 'order-adds-seats', subscriptionId });
  const windowDays = Math.min(...lines.map((line) => windowOf(line, policy)));
  const closed = { code: 'cancellation-window-closed', windowDays, orderedOn } as const;
  const subscribed = new Set(subscriptions.map(({ order }) => order?.line));
  const others = lines.filter((_line, index) => !subscribed.has(index));
  const othersWindow = Math.min(...others.map((line) => windowOf(line, policy)));
  if (daysBetween(orderedOn, today) > othersWindow) return refuse(closed);
  for (const record of subscriptions)
    if (!cancel(record.subscription, { on: today, causedBy: '' }).ok)
      return refuse({ ...closed, subscriptionId: record.subscriptionId });
  return accept([{ type: 'OrderCancelled', data: { orderId, on: today, reason } }]);
}

const windowOf = ({ family }: PlacedOrderLine, policy: Policy): number =>
  family === 'perpetual-software'
    ? policy.perpetualCancellationWindowDays
    : policy.cancellationWindowDays;
