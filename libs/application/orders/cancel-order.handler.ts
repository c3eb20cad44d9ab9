import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { cancelOrder } from '../../domain/customer/cancellation.decide.js';
import type { CustomerEvent } from '../../domain/customer/customer.js';
import { isInScope } from '../../domain/customer/customer-scope.js';
import { programIndexOf } from '../../domain/gate/case/program-index.js';
import { refuse, type Result } from '../../domain/shared/result.js';
import type { StreamName } from '../../domain/shared/ids.js';
import { EventLog } from '../../event-log/event-log.js';
import { ReadModels } from '../../read-models/read-models.js';
import type { Outcome } from '../engine/commands/decision.js';
import { DecisionLog } from '../engine/commands/decision-log.js';
import { Decisions } from '../engine/commands/decisions.js';
import { type Decided, decided } from '../engine/commands/decision.js';
import { OutsideScope } from '../engine/commands/failures.js';
import { programFacts } from '../records/program-facts.js';
import { customerFold } from '../records/folds.js';
import { StateCache } from '../engine/states/state-cache.js';
import { Clock } from '../engine/time/clock.js';
import { CancelOrder, type CancelOrderRefusal } from './order.commands.js';
import { orderHistory } from './order-history.js';

@CommandHandler(CancelOrder)
export class CancelOrderHandler implements ICommandHandler<CancelOrder> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly readModels: ReadModels,
    private readonly log: EventLog,
    private readonly clock: Clock,
    private readonly decisionLog: DecisionLog,
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
    return this.decisions.commit(
      context,
      fold,
      (target) => this.decide(command, fold.stream, order.revision, target.revision),
      ({ state }, scope) =>
        scope.includes(order.partnerId) && isInScope(state, scope, this.clock.judgementTime().date),
    );
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
    const cancelled = cancelOrder(placed.data, reason, {
      status: isVoided ? 'voided' : status,
      policy: programIndexOf(program).policyOn(today).policy,
      today,
    });
    return cancelled.ok ? decided<CustomerEvent>(cancelled.value, guards) : cancelled;
  }
}
