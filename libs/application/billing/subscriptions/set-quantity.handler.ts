import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { SubscriptionEvent } from '../../../domain/billing/subscription/subscription-events.js';
import type { SubscriptionRecord } from '../../../domain/billing/subscription/subscription-record.js';
import type { CustomerEvent } from '../../../domain/customer/customer.js';
import type { OrderRequest } from '../../../domain/order/order.js';
import type { SubscriptionId } from '../../../domain/shared/ids.js';
import { EventLog } from '../../../event-log/event-log.js';
import type { Outcome } from '../../engine/commands/decision.js';
import { Decisions } from '../../engine/commands/decisions.js';
import { OutsideScope } from '../../engine/commands/failures.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { PlaceOrderHandler } from '../../orders/place-order.handler.js';
import { subscriptionFold } from '../../records/folds.js';
import { ChangeSubscriptionHandler } from './change-subscription.handler.js';
import {
  ChangeSubscription,
  type ChangeSubscriptionRefusal,
  SetSubscriptionQuantity,
} from './subscription.commands.js';
import { SubscriptionEffects } from '../../days/subscription-effects.js';

type Result = Outcome<ChangeSubscriptionRefusal, SubscriptionEvent | CustomerEvent>;

/** The subscription changed before the order was judged, so that it adds no seats any more. */
class NoSeatsToAdd extends Error {
  constructor() {
    super('the subscription has changed since the quantity was compared');
  }
}

/** How long the answer to an order waits until the seats are added. */
const ADDED_WITHIN_MS = 5_000;

/**
 * A greater quantity is an order of the kind `add-quantity`, judged by the order gate; the process
 * adds the seats. A smaller one is a change of the subscription.
 */
@CommandHandler(SetSubscriptionQuantity)
export class SetSubscriptionQuantityHandler implements ICommandHandler<SetSubscriptionQuantity> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly log: EventLog,
    private readonly effects: SubscriptionEffects,
    private readonly orders: PlaceOrderHandler,
    private readonly changes: ChangeSubscriptionHandler,
  ) {}

  async execute(command: SetSubscriptionQuantity): Promise<Result> {
    const { context } = command;
    const before = await this.decisions.recordedUnscoped<SubscriptionEvent | CustomerEvent>(
      context,
    );
    if (before) return before;
    for (;;) {
      try {
        return await this.set(command);
      } catch (error) {
        if (!(error instanceof NoSeatsToAdd)) throw error;
      }
    }
  }

  private async set(command: SetSubscriptionQuantity): Promise<Result> {
    const { context, subscriptionId, quantity } = command;
    const record = await this.settledRecord(subscriptionId);
    if (!record) {
      // A scoped key must not learn whether the subscription exists.
      if (context.scope !== undefined) throw new OutsideScope();
      return this.refused({ code: 'subscription-unknown' });
    }
    const { status } = record.subscription;
    if (quantity <= record.subscription.quantity || status !== 'active')
      return this.changes.execute(
        new ChangeSubscription(context, subscriptionId, { type: 'reduce', quantity }),
      );
    const outcome = await this.orders.place(context, record.sold, async () =>
      orderOf(await this.settledRecord(subscriptionId), quantity),
    );
    if (outcome.kind === 'committed')
      await this.effects.isSettledThrough(outcome.position, ADDED_WITHIN_MS);
    return outcome;
  }

  private async settledRecord(id: SubscriptionId): Promise<SubscriptionRecord | undefined> {
    await this.effects.settled();
    return (await this.states.load(subscriptionFold(id))).state.record;
  }

  private async refused(refusal: ChangeSubscriptionRefusal): Promise<Result> {
    return { kind: 'refused', refusal, position: await this.log.head() };
  }
}

/** The order that adds the missing seats. */
function orderOf(record: SubscriptionRecord | undefined, quantity: number): OrderRequest {
  const added = quantity - (record?.subscription.quantity ?? quantity);
  if (!record || added <= 0 || record.subscription.status !== 'active') throw new NoSeatsToAdd();
  const { sold, subscription, subscriptionId } = record;
  const { duration: term, billingPlan } = subscription.term;
  return {
    partnerId: sold.partnerId,
    ...(sold.providerId !== undefined && { providerId: sold.providerId }),
    tenantId: sold.tenantId,
    currency: sold.currency,
    lines: [{ offerId: sold.offerId, quantity: added, term, billingPlan }],
    subscriptionId,
  };
}
