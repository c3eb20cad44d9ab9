import type { OrderId, StreamName } from '../../domain/shared/ids.js';
import type { EventLog, LoggedEvent } from '../../event-log/event-log.js';

export interface OrderHistory {
  /**
   * The order's own event (`OrderPlaced` or `OrderRefused`); undefined if the event at that
   * revision is another one.
   */
  readonly placed?: LoggedEvent;
  readonly status: 'placed' | 'refused' | 'cancelled' | 'voided';
  readonly cancelled?: LoggedEvent;
  readonly voided?: LoggedEvent;
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
  through = Number.MAX_SAFE_INTEGER,
): Promise<OrderHistory> {
  let history: OrderHistory = { status: 'refused' };
  for await (const page of log.readStream(stream, { from })) {
    for (const event of page) {
      if (event.revision > through) return history;
      if (isOf(orderId, event)) history = follow(history, event);
    }
  }
  return history;
}

const isOf = (orderId: OrderId, { data }: LoggedEvent): boolean =>
  typeof data === 'object' && data !== null && 'orderId' in data && data.orderId === orderId;

function follow(history: OrderHistory, event: LoggedEvent): OrderHistory {
  // A voided order stays voided: later events, such as a second void, do not change it.
  if (history.voided) return history;
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
