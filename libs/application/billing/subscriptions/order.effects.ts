import {
  activationOf,
  linesWithTerm,
  oneTimeOrderOf,
  type PlacedOrder,
  windowDaysOf,
} from '../../../domain/billing/subscription/order-lines.js';
import {
  cancel,
  changeQuantity,
} from '../../../domain/billing/subscription/subscription-changes.js';
import type { SubscriptionEvent } from '../../../domain/billing/subscription/subscription-events.js';
import type { SubscriptionState } from '../../../domain/billing/subscription/subscription-record.js';
import type { CustomerEvent, OrderDecided } from '../../../domain/customer/customer.js';
import { type SubscriptionId, tenantId } from '../../../domain/shared/ids.js';
import type { LoggedEvent } from '../../../event-log/event-log.js';
import { subscriptionIdOf } from '../../../event-log/identity.js';
import { decided, type Logged } from '../../engine/commands/decision.js';
import { orderHistory } from '../../gate/order-history.js';
import { subscriptionFold } from '../../records/folds.js';
import type { EffectContext } from './effect-context.js';

type EventOf<Type extends CustomerEvent['type']> = Logged<Extract<CustomerEvent, { type: Type }>>;

/** Lines with a term become subscriptions, the others are charged once; or seats are added. */
export async function takePlacedOrder(
  event: EventOf<'OrderPlaced'>,
  of: EffectContext,
): Promise<void> {
  const order = placedOrder(event, event.data);
  const { data } = order;
  if (data.kind === 'add-quantity') return addSeats(order, of);
  const { date } = data.decision;
  const policy = of.policyOn(date);
  const lines = linesWithTerm(data);
  await of.effects.inParallel(lines, (line) => {
    const id = subscriptionIdOf(data.orderId, line);
    return of.effects.commit<SubscriptionEvent, SubscriptionState>(
      `activate ${line}`,
      subscriptionFold(id),
      ({ state: { record } }) => decided(record ? [] : [activationOf(order, line, id, policy)]),
    );
  });
  const through = date > of.today ? date : of.today;
  const due = { since: '', through, knownAt: order.position };
  for (const line of lines) await charge(subscriptionIdOf(data.orderId, line), due, of);
  const oneTime = oneTimeOrderOf(order);
  if (oneTime) await of.recorder.add(await of.due.ofOneTimeOrder(oneTime, due));
}

/** The order's only line has the seats that are added. */
async function addSeats(order: PlacedOrder, of: EffectContext): Promise<void> {
  const { subscriptionId, orderId, decision, lines } = order.data;
  const added = lines[0]?.quantity ?? 0;
  if (subscriptionId === undefined) throw new Error(`${orderId} names no subscription`);
  const fold = subscriptionFold(subscriptionId);
  await of.effects.commit<SubscriptionEvent, SubscriptionState>(
    'add seats',
    fold,
    ({ state: { record } }) => {
      if (!record) return decided([]);
      const { subscription, sold } = record;
      const on = effectiveOn(decision.date, subscription.term.from);
      const windowDays = windowDaysOf(sold, of.policyOn(on));
      const quantity = subscription.quantity + added;
      // An order that was placed while the subscription ended has no effect.
      const { ok } = changeQuantity(subscription, { on, causedBy: '', quantity, windowDays });
      return decided(
        ok
          ? [
              {
                type: 'SubscriptionQuantityChanged',
                data: { on, quantity, windowDays, orderId },
              },
            ]
          : [],
      );
    },
  );
  const through = decision.date > of.today ? decision.date : of.today;
  await charge(subscriptionId, { since: '', through, knownAt: order.position }, of);
}

/** An order's cancellation cancels its subscriptions, and credits its one-time lines in full. */
export async function cancelOrderLines(
  event: EventOf<'OrderCancelled'>,
  of: EffectContext,
): Promise<void> {
  const { orderId, on, reason } = event.data;
  const location = await of.readModels.findOrder(orderId, event.position);
  if (!location) throw new Error(`${orderId} was cancelled before it was placed`);
  const { placed } = await orderHistory(
    of.log,
    event.stream,
    orderId,
    location.revision,
    location.revision,
  );
  if (!placed) throw new Error(`${event.stream} has no order ${orderId}`);
  // `placed` is the order's own event, and the catalogue has checked its data
  const order = placedOrder(placed, placed.data as OrderDecided);
  if (order.data.kind === 'add-quantity') return;

  const through = on > of.today ? on : of.today;
  const due = { since: '', through, knownAt: event.position };
  for (const line of linesWithTerm(order.data)) {
    const id = subscriptionIdOf(orderId, line);
    await of.effects.commit<SubscriptionEvent, SubscriptionState>(
      `cancel ${line}`,
      subscriptionFold(id),
      ({ state: { record } }) => {
        if (!record) return decided([]);
        const { subscription } = record;
        const day = effectiveOn(on, subscription.term.from);
        const step = cancel(subscription, { on: day, causedBy: '' });
        return decided(
          step.ok && step.value.subscription !== subscription
            ? [{ type: 'SubscriptionCancelled', data: { on: day, reason, orderId } }]
            : [],
        );
      },
    );
    await charge(id, due, of);
  }
  const oneTime = oneTimeOrderOf(order);
  if (oneTime)
    await of.recorder.add(
      await of.due.ofOneTimeOrder({ ...oneTime, cancelled: { on, by: event.id } }, due),
    );
}

const placedOrder = ({ stream, id, position }: LoggedEvent, data: OrderDecided): PlacedOrder => ({
  tenantId: tenantId(stream.slice('customer-'.length)),
  eventId: id,
  position,
  data,
});

/** An order that was decided just before midnight may follow the renewal of the next day. */
const effectiveOn = (date: string, termFrom: string): string => (date < termFrom ? termFrom : date);

async function charge(
  id: SubscriptionId,
  due: Parameters<EffectContext['due']['ofSubscription']>[1],
  { states, recorder, due: charges }: EffectContext,
): Promise<void> {
  const { record } = (await states.load(subscriptionFold(id))).state;
  if (record) await recorder.add(await charges.ofSubscription(record, due));
}
