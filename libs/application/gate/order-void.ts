import type { OrderId, StreamName } from '../../domain/shared/ids.js';
import type { StoredDecision } from '../../domain/order/stored-decision.js';
import { LogUnavailable, WrongRevision } from '../../event-log/errors.js';
import type { EventLog, LoggedEvent, NewEvent } from '../../event-log/event-log.js';
import { processCommandId } from '../../event-log/identity.js';
import { newEvent } from '../engine/commands/new-event.js';
import { eventsAfter } from '../engine/commands/stream-lookup.js';
import type { OrderDecidedEvent } from './order-judgement.js';
import { VALIDATION_PROCESS } from './validation-checkpoint.js';

const ATTEMPTS_AT_MOST = 64;

/**
 * Returns the event that voided an order, if there is one. It is after the order in the order's
 * stream.
 */
export async function voidedAfter(
  log: EventLog,
  order: Pick<LoggedEvent, 'stream' | 'revision'> & { readonly data: unknown },
): Promise<LoggedEvent | undefined> {
  const { events } = await voidAfter(log, order.stream, order.revision, orderIdOf(order.data));
  return events[0];
}

/**
 * Appends the one `OrderVoided` of a refused order at the end of its stream. Every process does so,
 * with the same command id and event id. Each has read all events between the order and the
 * revision that it appends at, so only the first append succeeds.
 */
export async function voidOrder(
  log: EventLog,
  order: OrderDecidedEvent,
  decision: StoredDecision,
): Promise<LoggedEvent> {
  const { orderId } = order.data;
  const event = voidingEvent(order, decision);
  let through = order.revision;
  for (let attempt = 0; attempt < ATTEMPTS_AT_MOST; attempt += 1) {
    const found = await voidAfter(log, order.stream, through, orderId);
    if (found.events[0]) return found.events[0];
    through = found.through;
    try {
      const { events } = await log.append({
        stream: order.stream,
        expectedRevision: through,
        events: [event],
      });
      const [voided] = events;
      if (voided) return voided;
    } catch (error) {
      if (!(error instanceof WrongRevision)) throw error;
    }
  }
  throw new LogUnavailable(
    `${order.stream} changed ${ATTEMPTS_AT_MOST} times while an order was being voided`,
  );
}

const voidAfter = (log: EventLog, stream: StreamName, after: number, orderId: OrderId) =>
  eventsAfter(
    log,
    { stream, after },
    ({ type, data }) => type === 'OrderVoided' && orderIdOf(data) === orderId,
  );

function voidingEvent(order: OrderDecidedEvent, decision: StoredDecision): NewEvent {
  const { id: causationId, stream, metadata } = order;
  const command = {
    commandId: processCommandId(VALIDATION_PROCESS, causationId, 'void'),
    actor: `process:${VALIDATION_PROCESS}`,
    correlationId: metadata.correlationId,
    causationId,
  };
  const data = { decision, orderId: order.data.orderId };
  return newEvent({ type: 'OrderVoided', data }, command, stream, 0);
}

// every event of an order has the order's id
const orderIdOf = (data: unknown): OrderId => (data as { readonly orderId: OrderId }).orderId;
