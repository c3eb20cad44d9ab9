import type { OrderStatus, PlacedOrderLine } from '../order/order.js';
import type { Policy } from '../program/policy.js';
import { daysBetween } from '../shared/calendar.js';
import type { Proposed } from '../shared/event.js';
import { accept, refuse, type Result } from '../shared/result.js';
import type { CustomerEvent, OrderDecided } from './customer.js';

/** The status of an order whose validation is known. */
type DecidedStatus = Exclude<OrderStatus, 'pending'>;

export type CancellationRefusal =
  | { readonly code: 'order-not-placed'; readonly orderStatus: Exclude<DecidedStatus, 'placed'> }
  | {
      readonly code: 'cancellation-window-closed';
      readonly windowDays: number;
      readonly orderedOn: string;
    };

export interface CancellationFacts {
  readonly status: DecidedStatus;
  /** In force today. */
  readonly policy: Policy;
  /** The UTC date. */
  readonly today: string;
}

/**
 * A placed order may be cancelled for some days after its date (UTC), the last day included: for
 * the shortest window of its lines. Perpetual software has its own window.
 */
export function cancelOrder(
  {
    orderId,
    lines,
    decision: { date: orderedOn },
  }: Pick<OrderDecided, 'orderId' | 'lines' | 'decision'>,
  reason: string,
  { status, policy, today }: CancellationFacts,
): Result<readonly Proposed<CustomerEvent>[], CancellationRefusal> {
  if (status !== 'placed') return refuse({ code: 'order-not-placed', orderStatus: status });
  const windowDays = Math.min(...lines.map((line) => windowOf(line, policy)));
  if (daysBetween(orderedOn, today) > windowDays)
    return refuse({ code: 'cancellation-window-closed', windowDays, orderedOn });
  return accept([{ type: 'OrderCancelled', data: { orderId, on: today, reason } }]);
}

const windowOf = ({ family }: PlacedOrderLine, policy: Policy): number =>
  family === 'perpetual-software'
    ? policy.perpetualCancellationWindowDays
    : policy.cancellationWindowDays;
