import type { OrderDecided } from '../../order/order-decided.js';
import type { PlacedOrderLine } from '../../order/order.js';
import type { StoredDecision } from '../../order/stored-decision.js';
import type { Policy } from '../../program/policy.js';
import type { Proposed } from '../../shared/event.js';
import {
  type EventId,
  type OrderId,
  partnerId,
  type PartnerId,
  type SubscriptionId,
  type TenantId,
} from '../../shared/ids.js';
import { termFrom } from '../terms/term.js';
import type { SubscribedOffer, SubscriptionEvent } from './subscription-events.js';

/** A placed order, with the place of its event. */
export interface PlacedOrder {
  readonly tenantId: TenantId;
  readonly position: number;
  readonly eventId: EventId;
  readonly data: OrderDecided;
}

/** The lines of an order without a term: each is charged once, on the order's date. */
export interface OneTimeOrder {
  readonly orderId: OrderId;
  readonly placedBy: EventId;
  /** The order's date (UTC). */
  readonly on: string;
  readonly begunAt: number;
  readonly lines: readonly OneTimeLine[];
  readonly cancelled?: { readonly on: string; readonly by: EventId };
}

export interface OneTimeLine {
  /** Index of the order's line, from 0. */
  readonly line: number;
  readonly sold: SubscribedOffer;
  readonly quantity: number;
  /** UnitPrice of the order's line: the cost. */
  readonly unitPrice: string;
}

/** The indexes of the lines with a term: each becomes a subscription. */
export const linesWithTerm = ({ lines }: Pick<OrderDecided, 'lines'>): readonly number[] =>
  lines.flatMap(({ term }, line) => (term === 'none' ? [] : [line]));

/** Undefined: every line has a term. */
export function oneTimeOrderOf(order: PlacedOrder): OneTimeOrder | undefined {
  const { data } = order;
  if (data.kind !== 'new') return undefined;
  const lines = data.lines.flatMap((placed, line) =>
    placed.term === 'none'
      ? [
          {
            line,
            sold: soldLine(order, placed),
            quantity: placed.quantity,
            unitPrice: stated(placed, 'unitPrice'),
          },
        ]
      : [],
  );
  if (lines.length === 0) return undefined;
  const { orderId, decision } = data;
  return {
    orderId,
    placedBy: order.eventId,
    on: decision.date,
    begunAt: order.position,
    lines,
  };
}

/** The subscription that a line with a term becomes, on the order's date. */
export function activationOf(
  order: PlacedOrder,
  line: number,
  subscriptionId: SubscriptionId,
  policy: Policy,
): Proposed<SubscriptionEvent> {
  const { data, position } = order;
  const placed = data.lines[line];
  if (!placed || placed.term === 'none')
    throw new RangeError(`line ${line} of ${data.orderId} has no term`);
  const sold = soldLine(order, placed);
  return {
    type: 'SubscriptionActivated',
    data: {
      subscriptionId,
      orderId: data.orderId,
      line,
      ...sold,
      ...termFrom(data.decision.date, placed.term, placed.billingPlan),
      quantity: placed.quantity,
      windowDays: windowDaysOf(sold, policy),
      unitPrice: stated(placed, 'unitPrice'),
      begunAt: position,
    },
  };
}

/** Perpetual software has a separate window. */
export const windowDaysOf = (
  { family }: Pick<SubscribedOffer, 'family'>,
  policy: Policy,
): number =>
  family === 'perpetual-software'
    ? policy.perpetualCancellationWindowDays
    : policy.cancellationWindowDays;

function soldLine({ tenantId, data }: PlacedOrder, placed: PlacedOrderLine): SubscribedOffer {
  const family = stated(placed, 'family');
  const provider = family === 'partner-owned' ? undefined : providerOf(data.decision);
  const market = marketOf(data.decision);
  return {
    tenantId,
    partnerId: data.partnerId,
    ...(provider !== undefined && { providerId: provider }),
    ...(market !== undefined && { market }),
    currency: data.currency,
    offerId: placed.offerId,
    title: stated(placed, 'title'),
    segment: stated(placed, 'segment'),
    family,
  };
}

/** An accepted order has the price list's row in each line. */
function stated<Field extends 'unitPrice' | 'family' | 'title' | 'segment'>(
  line: PlacedOrderLine,
  field: Field,
): NonNullable<PlacedOrderLine[Field]> {
  const value = line[field];
  if (value === undefined) throw new Error(`a placed line of ${line.offerId} has no ${field}`);
  return value;
}

/** The provider that check SELLER-4 passed for; a direct-bill partner buys from Microsoft. */
export function providerOf({ checks }: StoredDecision): PartnerId | undefined {
  const passed = checks.find(([rule, outcome]) => rule === 'SELLER-4' && outcome === 'p');
  const facts = passed?.[4];
  const provider = facts ? facts['providerId'] : undefined;
  return typeof provider === 'string' ? partnerId(provider) : undefined;
}

/** The market whose price list the order was judged by. */
function marketOf({ reads }: StoredDecision): string | undefined {
  for (const [stream] of reads) {
    const [, market] = /^pricelist-(.+)-\d{4}-\d{2}$/.exec(stream) ?? [];
    if (market !== undefined) return market;
  }
  return undefined;
}
