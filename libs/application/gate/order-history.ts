import type { CustomerEvent } from '../../domain/customer/customer.js';
import type { OrderId, StreamName } from '../../domain/shared/ids.js';
import { upcast } from '../../event-log/catalogue/catalogue.js';
import type { EventLog, LoggedEvent } from '../../event-log/event-log.js';
import type { Logged } from '../engine/commands/decision.js';
import { eventsIn } from '../engine/commands/stream-lookup.js';
import type { OrderDecidedEvent } from './order-judgement.js';

type EventOf<Type extends CustomerEvent['type']> = Logged<Extract<CustomerEvent, { type: Type }>>;

export interface OrderHistory {
  /**
   * The order's own event (`OrderPlaced` or `OrderRefused`); undefined if the event at that
   * revision is another one.
   */
  readonly placed?: OrderDecidedEvent;
  readonly status: 'placed' | 'refused' | 'cancelled' | 'voided';
  readonly cancelled?: EventOf<'OrderCancelled'>;
  readonly voided?: EventOf<'OrderVoided'>;
}

/**
 * The status of an order, read from its customer's stream between the order's own revision and
 * another one (both inclusive).
 */
export async function orderHistory(
  log: EventLog,
  stream: StreamName,
  orderId: OrderId,
  from: number,
  through?: number,
): Promise<OrderHistory> {
  let history: OrderHistory = { status: 'refused' };
  for await (const event of eventsIn(log, { stream, after: from - 1, through }))
    if (isOf(orderId, event)) history = follow(history, event);
  return history;
}

const orderEvents: ReadonlySet<string> = new Set<CustomerEvent['type']>([
  'OrderPlaced',
  'OrderRefused',
  'OrderCancelled',
  'OrderVoided',
]);

const isOf = (orderId: OrderId, { type, data }: LoggedEvent): boolean =>
  orderEvents.has(type) &&
  typeof data === 'object' &&
  data !== null &&
  'orderId' in data &&
  data.orderId === orderId;

function follow(history: OrderHistory, logged: LoggedEvent): OrderHistory {
  // A voided order stays voided: later events, such as a second void, do not change it.
  if (history.voided) return history;
  const event = upcast(logged);
  switch (event.type) {
    case 'OrderPlaced':
      return { ...history, placed: event, status: 'placed' };
    case 'OrderRefused':
      return { ...history, placed: event, status: 'refused' };
    case 'OrderCancelled':
      return { ...history, cancelled: event, status: 'cancelled' };
    case 'OrderVoided':
      return { ...history, voided: event, status: 'voided' };
    default:
      return history;
  }
}
