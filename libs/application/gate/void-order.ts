import type { OrderId, StreamName } from '../../domain/shared/ids.js';
import type { StoredDecision } from '../../domain/order/stored-decision.js';
import { LogUnavailable, WrongRevision } from '../../event-log/errors.js';
import type { EventLog, LoggedEvent, NewEvent } from '../../event-log/event-log.js';
import { newEventId, processCommandId } from '../../event-log/identity.js';
import type { OrderDecidedEvent } from './judge-order.js';

const ATTEMPTS_AT_MOST = 64;

/** Looks behind an order in its stream, and nowhere else: whoever voided it, the event is there. */
export async function voidedAfter(
  log: EventLog,
  order: Pick<LoggedEvent, 'stream' | 'revision'> & { readonly data: unknown },
): Promise<LoggedEvent | undefined> {
  return (await lookBehind(log, order.stream, order.revision, orderIdOf(order.data))).voided;
}

/**
 * Appends the one `OrderVoided` of an order that does not stand, behind whatever has come since.
 * Every process does, under the same command and event id: each looks through all that lies between
 * the order and the revision that it appends at, so that the one which is first is the only one.
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
    const behind = await lookBehind(log, order.stream, through, orderId);
    if (behind.voided) return behind.voided;
    through = behind.through;
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
    `${order.stream} moved ${ATTEMPTS_AT_MOST} times while an order was being voided`,
  );
}

async function lookBehind(
  log: EventLog,
  stream: StreamName,
  revision: number,
  orderId: OrderId,
): Promise<{ readonly voided?: LoggedEvent; readonly through: number }> {
  let through = revision;
  for await (const page of log.readStream(stream, { from: revision + 1 })) {
    for (const event of page) {
      if (event.type === 'OrderVoided' && orderIdOf(event.data) === orderId)
        return { voided: event, through };
      through = event.revision;
    }
  }
  return { through };
}

function voidingEvent(order: OrderDecidedEvent, decision: StoredDecision): NewEvent {
  const { id: causationId, stream, metadata } = order;
  const commandId = processCommandId('standing', causationId, 'void');
  const data = { decision, orderId: order.data.orderId };
  const [type, version] = ['OrderVoided', 1] as const;
  const id = newEventId({ commandId, index: 0, stream, type, version, data });
  const { correlationId } = metadata;
  return {
    id,
    type,
    version,
    data,
    metadata: { actor: 'process:standing', causationId, commandId, correlationId, index: 0 },
  };
}

// every event of an order has it
const orderIdOf = (data: unknown): OrderId => (data as { readonly orderId: OrderId }).orderId;
