import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { linesWithTerm } from '../../domain/billing/subscription/order-lines.js';
import type { SubscriptionRecord } from '../../domain/billing/subscription/subscription-record.js';
import { cancelOrder } from '../../domain/billing/subscription/cancellation.decide.js';
import type { CustomerEvent, OrderDecided } from '../../domain/customer/customer.js';
import { isInScope } from '../../domain/customer/customer-scope.js';
import { programIndexOf } from '../../domain/gate/case/program-index.js';
import { refuse, type Result } from '../../domain/shared/result.js';
import type { StreamName } from '../../domain/shared/ids.js';
import { EventLog, type Guard } from '../../event-log/event-log.js';
import { subscriptionIdOf } from '../../event-log/identity.js';
import { ReadModels } from '../../read-models/read-models.js';
import type { Outcome } from '../engine/commands/decision.js';
import { DecisionLog } from '../engine/commands/decision-log.js';
import { Decisions } from '../engine/commands/decisions.js';
import { type Decided, decided } from '../engine/commands/decision.js';
import { OutsideScope } from '../engine/commands/failures.js';
import { programFacts } from '../records/program-facts.js';
import { customerFold, subscriptionFold } from '../records/folds.js';
import { StateCache } from '../engine/states/state-cache.js';
import { SubscriptionEffects } from '../days/subscription-effects.js';
import { Clock } from '../engine/time/clock.js';
import { CancelOrder, type CancelOrderRefusal } from './order.commands.js';
import { orderHistory } from '../gate/order-history.js';

/** How long the answer waits until the order's subscriptions are cancelled. */
const CANCELLED_WITHIN_MS = 5_000;

@CommandHandler(CancelOrder)
export class CancelOrderHandler implements ICommandHandler<CancelOrder> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly readModels: ReadModels,
    private readonly log: EventLog,
    private readonly clock: Clock,
    private readonly decisionLog: DecisionLog,
    private readonly effects: SubscriptionEffects,
  ) {}

  async execute(command: CancelOrder): Promise<Outcome<CancelOrderRefusal>> {
    const { context } = command;
    const before = await this.decisions.recordedUnscoped(context);
    if (before) return before;
    const order = await this.readModels.findOrder(command.orderId);
    // A scoped key must not learn whether the order exists.
    if (!order && context.scope !== undefined) throw new OutsideScope();
    if (!order)
      return {
        kind: 'refused',
        refusal: { code: 'order-unknown' },
        position: await this.log.head(),
      };

    const fold = customerFold(order.tenantId);
    await this.effects.settled();
    const outcome = await this.decisions.commit(
      context,
      fold,
      (target) => this.decide(command, fold.stream, order.revision, target.revision),
      ({ state }, scope) =>
        scope.includes(order.partnerId) && isInScope(state, scope, this.clock.judgementTime().date),
    );
    if (outcome.kind === 'committed')
      await this.effects.isSettledThrough(outcome.position, CANCELLED_WITHIN_MS);
    return outcome;
  }

  /**
   * Reads the order's status from its stream, from the order's own event to the revision that the
   * command is decided on.
   */
  private async decide(
    { orderId, reason }: CancelOrder,
    stream: StreamName,
    from: number,
    through: number,
  ): Promise<Result<Decided<CustomerEvent>, CancelOrderRefusal>> {
    const { placed, status } = await orderHistory(this.log, stream, orderId, from, through);
    if (!placed) return refuse({ code: 'order-unknown' });
    const isVoided = status === 'placed' && (await this.decisionLog.voidedBy([placed]));

    const { facts, guards } = await programFacts(this.states, this.clock);
    const { program, today } = facts;
    await this.effects.settled();
    const { subscriptions, guards: subscriptionGuards } = await this.subscriptionsOf(placed.data);
    const cancelled = cancelOrder(placed.data, reason, {
      subscriptions,
      status: isVoided ? 'voided' : status,
      policy: programIndexOf(program).policyOn(today).policy,
      today,
    });
    return cancelled.ok
      ? decided<CustomerEvent>(cancelled.value, [...guards, ...subscriptionGuards])
      : cancelled;
  }

  private async subscriptionsOf({ orderId, lines }: OrderDecided) {
    const subscriptions: SubscriptionRecord[] = [];
    const guards: Guard[] = [];
    for (const line of linesWithTerm({ lines })) {
      const fold = subscriptionFold(subscriptionIdOf(orderId, line));
      const { state, revision } = await this.states.load(fold);
      guards.push({ stream: fold.stream, revision });
      if (state.record) subscriptions.push(state.record);
    }
    return { subscriptions, guards };
  }
}
