import {
  isOrderDecision,
  type OrderDecidedEvent,
} from '../../../libs/application/gate/order-judgement.js';
import type { Infrastructure } from '../../../libs/application/infrastructure.js';
import { orderId as asOrderId } from '../../../libs/domain/shared/ids.js';
import { customerStream } from '../../../libs/domain/shared/streams.js';
import { upcast } from '../../../libs/event-log/catalogue/catalogue.js';
import { ordersProjection } from '../../../libs/read-models/projections/orders.projection.js';

/** The types of events that decide an order, for a filter. */
export const orderDecisions = ['OrderPlaced', 'OrderRefused'] as const;

/**
 * The event that decided an order. Its place comes from the read model if that is up to date;
 * otherwise the log is read. `latest` means the log's last order.
 */
export async function findOrder(
  { log, readModels }: Infrastructure,
  asked: string,
): Promise<OrderDecidedEvent | undefined> {
  const orders = (await readModels.projections()).find(
    ({ name }) => name === ordersProjection.name,
  );
  if (asked === 'latest' || orders?.state !== 'live' || orders.lag > 0) return scan();

  const found = await readModels.findOrder(asOrderId(asked));
  if (!found) return undefined;
  for await (const [event] of log.readStream(customerStream(found.tenantId), {
    from: found.revision,
    limit: 1,
  })) {
    const decided = event && upcast(event);
    if (decided && isOrderDecision(decided)) return decided;
  }
  return undefined;

  async function scan(): Promise<OrderDecidedEvent | undefined> {
    let latest: OrderDecidedEvent | undefined;
    for await (const { events } of log.readAll({ after: -1, types: orderDecisions })) {
      for (const event of events.map(upcast).filter(isOrderDecision)) {
        latest = event;
        if (event.data.orderId === asked.toLowerCase()) return event;
      }
    }
    return asked === 'latest' ? latest : undefined;
  }
}
