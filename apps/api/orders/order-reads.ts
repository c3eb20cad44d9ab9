import { Injectable } from '@nestjs/common';
import { DecisionLog } from '../../../libs/application/engine/commands/decision-log.js';
import type { OrderValidator } from '../../../libs/application/gate/order-validator.js';
import { type OrderHistory, orderHistory } from '../../../libs/application/gate/order-history.js';
import { Records } from '../../../libs/application/records/records.js';
import type { OrderDecided } from '../../../libs/domain/customer/customer.js';
import type { OrderStatus } from '../../../libs/domain/order/order.js';
import { sourceOf } from '../../../libs/domain/gate/decision-view.js';
import { rulesetNamed } from '../../../libs/domain/gate/rulesets.js';
import type { OrderId, StreamName, TenantId } from '../../../libs/domain/shared/ids.js';
import { customerStream } from '../../../libs/domain/shared/streams.js';
import { EventLog, type LoggedEvent, type Position } from '../../../libs/event-log/event-log.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { CustomerScope } from '../customers/customer-scope.js';
import type { RequestContext } from '../http/request/request-context.js';
import { ProblemException } from '../http/problems/problem.js';
import { ReadBounds } from '../reading/read-bounds.js';
import { orderView, type Rendering, shownDecision } from './order.view.js';

interface FoundOrder {
  readonly tenantId: TenantId;
  readonly order: OrderDecided;
  readonly history: OrderHistory;
  readonly status: OrderStatus;
  readonly rendering: Rendering;
  readonly position: Position;
}

/** Reads single orders: the read model gives the place of the decision, the log the rest. */
@Injectable()
export class OrderReads {
  constructor(
    private readonly readModels: ReadModels,
    private readonly records: Records,
    private readonly log: EventLog,
    private readonly scope: CustomerScope,
    private readonly reached: ReadBounds,
    private readonly decisionLog: DecisionLog<OrderValidator>,
  ) {}

  async order(ctx: RequestContext, orderId: OrderId, minPosition: Position | undefined) {
    const { tenantId, order, history, status, rendering, position } = await this.find(
      ctx,
      orderId,
      minPosition,
    );
    return { view: orderView(order, tenantId, { ...history, status }, rendering), position };
  }

  async explanation(ctx: RequestContext, orderId: OrderId, minPosition: Position | undefined) {
    const { tenantId, order, history, status, rendering, position } = await this.find(
      ctx,
      orderId,
      minPosition,
    );
    const decision = history.voided?.data.decision ?? order.decision;
    const shown = shownDecision(decision, rendering);
    const ruleset = rulesetNamed(decision.ruleset);
    const typeOf = this.eventTypes();
    const checks = [];
    for (const check of shown.checks) {
      const evidence = [];
      for (const proof of check.evidence)
        evidence.push({ ...proof, type: await typeOf(proof.stream, proof.revision) });
      checks.push({
        ...check,
        source: ruleset && sourceOf(ruleset, check.rule)?.[ctx.language],
        evidence,
      });
    }
    return { view: { orderId, tenantId, status, decision: { ...shown, checks } }, position };
  }

  private async find(
    ctx: RequestContext,
    orderId: OrderId,
    minPosition: Position | undefined,
  ): Promise<FoundOrder> {
    const position = await this.reached.atLeast(minPosition);
    const { validator } = this.decisionLog;
    if (validator && minPosition !== undefined) await validator.reach(minPosition);
    // Read before the order, so that an order voided up to this point is shown as voided.
    const judgedThrough = validator?.checkpoint;
    const location = await this.readModels.findOrder(orderId, minPosition);
    if (!location || !inScope(ctx.principal, location.partnerId))
      throw new ProblemException('not-found');
    if (!(await this.scope.includes(ctx, location.tenantId, position)))
      throw new ProblemException('not-found');

    const targetStream = customerStream(location.tenantId);
    const history = await orderHistory(this.log, targetStream, orderId, location.revision);
    if (!history.placed) throw new ProblemException('not-found');
    const { state: program } = await this.records.program(position);
    const order = history.placed.data;
    const rendering = { targetStream, language: ctx.language, program };
    const isPending =
      history.status === 'placed' &&
      judgedThrough !== undefined &&
      history.placed.position > judgedThrough;
    return {
      tenantId: location.tenantId,
      order,
      history,
      status: isPending ? 'pending' : history.status,
      rendering,
      position,
    };
  }

  /** The types of events by stream and revision. Each event is read once. */
  private eventTypes(): (stream: StreamName, revision: number) => Promise<string | undefined> {
    const known = new Map<string, LoggedEvent['type'] | undefined>();
    return async (stream, revision) => {
      const key = `${stream}@${revision}`;
      if (!known.has(key)) {
        for await (const [event] of this.log.readStream(stream, { from: revision, limit: 1 }))
          known.set(key, event?.type);
      }
      return known.get(key);
    };
  }
}
