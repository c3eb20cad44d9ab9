import type { PlacedOrderLine } from '../order/order.js';
import type { OrderId, PartnerId, SubscriptionId } from '../shared/ids.js';
import type { Customer, EventOf, OrderDecided } from './customer.js';

/** A placed order that may not be charged on the customer's account yet. */
export interface RecentOrder {
  readonly orderId: OrderId;
  readonly partnerId: PartnerId;
  /** The order's date (UTC). */
  readonly date: string;
  readonly currency: string;
  readonly lines: readonly RecentLine[];
  /** Of an order for more seats: the subscription, and the charge that was judged. */
  readonly added?: { readonly subscriptionId: SubscriptionId; readonly charge?: string };
}

/** What the price of a line depends on. */
export type RecentLine = Pick<
  PlacedOrderLine,
  | 'offerId'
  | 'quantity'
  | 'term'
  | 'billingPlan'
  | 'unitPrice'
  | 'erpPrice'
  | 'segment'
  | 'family'
  | 'taxCategory'
>;

/**
 * Charges of an order appear on the account soon after it, so few orders are kept. Until a limit is
 * set, only those of the last day are.
 */
const KEPT_WITH_LIMIT = 256;
const KEPT_WITHOUT_LIMIT = 16;

/** The customer after one of its orders was placed, voided or cancelled. */
export function withOrder(
  customer: Customer,
  event: EventOf<'OrderPlaced' | 'OrderVoided' | 'OrderCancelled'>,
): Customer {
  if (event.type === 'OrderPlaced')
    return { ...customer, recentOrders: withPlacedOrder(customer, event.data) };
  const { recentOrders, cancelledOrders } = customer;
  const others = recentOrders.filter(({ orderId }) => orderId !== event.data.orderId);
  return {
    ...customer,
    recentOrders: others,
    cancelledOrders: cancelledOrders + (event.type === 'OrderCancelled' ? 1 : 0),
  };
}

function withPlacedOrder(
  { recentOrders, registration }: Customer,
  { orderId, partnerId, currency, lines, decision, kind, subscriptionId }: OrderDecided,
): readonly RecentOrder[] {
  const placed: RecentOrder = {
    orderId,
    partnerId,
    date: decision.date,
    currency,
    lines: lines.map(recentLine),
    ...(kind === 'add-quantity' &&
      subscriptionId !== undefined && { added: { subscriptionId, ...judgedCharge(decision) } }),
  };
  return registration?.creditLimit
    ? [...recentOrders, placed].slice(-KEPT_WITH_LIMIT)
    : [...recentOrders.filter(({ date }) => date === placed.date), placed].slice(
        -KEPT_WITHOUT_LIMIT,
      );
}

/** Whether earlier orders may have been dropped. */
export const isFull = ({ recentOrders }: Pick<Customer, 'recentOrders'>): boolean =>
  recentOrders.length >= KEPT_WITH_LIMIT;

function recentLine({ title: _, amount: _amount, source: _source, ...line }: PlacedOrderLine) {
  return line;
}

/** CREDIT-1 records what it has counted for the order. */
function judgedCharge({ checks }: OrderDecided['decision']): { readonly charge?: string } {
  const facts = checks.find(([rule]) => rule === 'CREDIT-1')?.[4];
  const charge = facts ? facts['order'] : undefined;
  const amount = typeof charge === 'string' ? charge.split(' ')[0] : undefined;
  return amount === undefined ? {} : { charge: amount };
}
