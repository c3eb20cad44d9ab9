import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Customer, CustomerEvent, OrderDecided } from '../../domain/customer/customer.js';
import { isInScope } from '../../domain/customer/customer-scope.js';
import type { OrderRequest } from '../../domain/order/order.js';
import { isRecordable } from '../../domain/gate/case/line-pricing.js';
import type { Judgement } from '../../domain/gate/rulebook.js';
import type { Proposed } from '../../domain/shared/event.js';
import type { OrderId } from '../../domain/shared/ids.js';
import { orderIdOf } from '../../event-log/identity.js';
import type { InScope } from '../engine/commands/scope-check.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';
import { Decisions } from '../engine/commands/decisions.js';
import { decided } from '../engine/commands/decision.js';
import { OrderAmountTooLarge } from '../gate/failures.js';
import { judgeOrder } from '../gate/order-judgement.js';
import { PriceRows } from '../gate/price-rows.js';
import { DayEffects } from '../days/day-effects.js';
import { customerFold } from '../records/folds.js';
import type { Fold } from '../engine/states/fold.js';
import { StateCache } from '../engine/states/state-cache.js';
import { Clock } from '../engine/time/clock.js';
import { CreditWaits } from './credit-waits.js';
import { PlaceOrder } from './order.commands.js';

@CommandHandler(PlaceOrder)
export class PlaceOrderHandler implements ICommandHandler<PlaceOrder> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly priceRows: PriceRows,
    private readonly clock: Clock,
    private readonly days: DayEffects,
    private readonly creditWaits: CreditWaits,
  ) {}

  /**
   * The clock is read again for every new judgement of the order, so the day may change between two
   * attempts.
   */
  execute({ context, order }: PlaceOrder): Promise<Outcome<never, CustomerEvent>> {
    return this.place(context, order, async () => order);
  }

  /** `current` is asked again for every judgement: the order may depend on a subscription. */
  async place(
    context: CommandContext,
    order: Pick<OrderRequest, 'tenantId' | 'partnerId'>,
    current: () => Promise<OrderRequest>,
  ): Promise<Outcome<never, CustomerEvent>> {
    const target = customerFold(order.tenantId);
    const inScope: InScope<Customer> = ({ state }, scope) =>
      scope.includes(order.partnerId) && isInScope(state, scope, this.clock.judgementTime().date);
    const before = await this.recordedWhileWaiting(context, order, target, inScope);
    if (before) return before;
    return this.decisions.commit(
      { ...context, alwaysAppends: true },
      target,
      async (customer) => {
        await this.days.settledFor(order.partnerId);
        await this.creditWaits.settledFor(customer.state);
        const request = await current();
        const { judgement } = await judgeOrder(
          request,
          this.clock.judgementTime(),
          this.states,
          this.priceRows,
          customer,
        );
        if (!isRecordable(judgement)) throw new OrderAmountTooLarge();
        const guards = judgement.decision.reads.map(([stream, revision]) => ({ stream, revision }));
        return decided<CustomerEvent>(
          [orderEvent(orderIdOf(context.commandId), request, judgement)],
          guards,
        );
      },
      inScope,
    );
  }

  /**
   * Answers a repeated request from the log at once, even while a new order would have to wait for
   * the effects of the day.
   */
  private async recordedWhileWaiting(
    context: CommandContext,
    { partnerId }: Pick<OrderRequest, 'partnerId'>,
    target: Fold<Customer>,
    inScope: InScope<Customer>,
  ): Promise<Outcome<never, CustomerEvent> | undefined> {
    if (!context.fingerprint || (await this.days.isSettledFor(partnerId))) return undefined;
    await this.decisions.admitPresent(context, target, inScope);
    return this.decisions.recorded(context);
  }
}

function orderEvent(
  orderId: OrderId,
  order: OrderRequest,
  { decision, lines, total }: Judgement,
): Proposed<CustomerEvent> {
  const data: OrderDecided = {
    orderId,
    kind: order.subscriptionId === undefined ? 'new' : 'add-quantity',
    ...(order.subscriptionId === undefined ? {} : { subscriptionId: order.subscriptionId }),
    partnerId: order.partnerId,
    ...(order.providerId === undefined ? {} : { providerId: order.providerId }),
    ...(order.reference === undefined ? {} : { reference: order.reference }),
    currency: order.currency,
    lines,
    ...(total ? { total } : {}),
    decision,
  };
  return { type: decision.outcome === 'accepted' ? 'OrderPlaced' : 'OrderRefused', data };
}
