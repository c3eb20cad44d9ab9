import { Controller, Get, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { DecisionLog } from '../../../libs/application/engine/commands/decision-log.js';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import type { OrderValidator } from '../../../libs/application/gate/order-validator.js';
import { CancelOrder } from '../../../libs/application/orders/order.commands.js';
import {
  orderId as asOrderId,
  partnerId as asPartnerId,
  tenantId as asTenantId,
} from '../../../libs/domain/shared/ids.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { commandAnswer } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { CancelOrderDto, ListOrders } from '../dto/orders.dto.js';
import { OrderPath } from '../dto/paths.js';
import { ReadQuery } from '../dto/shared.dto.js';
import { RequestContext, scopeToday } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { OrderReads } from './order-reads.js';
import { placedExample } from './order.examples.js';

const tag = 'Orders';

@Controller('v1/orders')
export class OrdersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly readModels: ReadModels,
    private readonly reading: OrderReads,
    private readonly decisionLog: DecisionLog<OrderValidator>,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('read customers and orders')
  @Describe({
    summary: 'List orders, accepted and refused, in the order of their decisions',
    tag,
    answers: [{ status: 200, description: 'A page of orders' }],
  })
  async list(@Ctx() ctx: RequestContext, @FromQuery() query: ListOrders): Promise<string> {
    const { validator } = this.decisionLog;
    if (validator && query.minPosition !== undefined) await validator.reach(query.minPosition);
    const { items, nextCursor } = await this.readModels.listOrders({
      ...query,
      validation: validator?.seen(),
      tenantId: query.tenantId === undefined ? undefined : asTenantId(query.tenantId),
      partnerId: query.partnerId === undefined ? undefined : asPartnerId(query.partnerId),
      scope: scopeToday(ctx, this.clock.judgementTime().date),
    });
    return answer(ctx, {
      items: items.map(({ position, ...row }) => ({ ...row, position: String(position) })),
      nextCursor,
    });
  }

  @Get(':orderId')
  @Allow('read customers and orders')
  @Describe({
    summary: 'Read an order with its decision',
    tag,
    answers: [{ status: 200, description: 'The order', example: placedExample }],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() path: OrderPath,
    @FromQuery() query: ReadQuery,
  ): Promise<string> {
    const { view, position } = await this.reading.order(
      ctx,
      asOrderId(path.orderId),
      query.minPosition,
    );
    return answer(ctx, view, { position });
  }

  @Get(':orderId/explanation')
  @Allow('read customers and orders')
  @Describe({
    summary:
      'Explain the decision on an order: each rule with its source in the program, its facts, and the events that prove them',
    tag,
    answers: [{ status: 200, description: 'The explanation' }],
  })
  async explain(
    @Ctx() ctx: RequestContext,
    @FromPath() path: OrderPath,
    @FromQuery() query: ReadQuery,
  ): Promise<string> {
    const { view, position } = await this.reading.explanation(
      ctx,
      asOrderId(path.orderId),
      query.minPosition,
    );
    return answer(ctx, view, { position });
  }

  @Post(':orderId/cancellation')
  @Allow('enter orders')
  @Idempotent('accepted')
  @Describe({
    summary: 'Cancel an order within the cancellation window of its offers',
    tag,
    answers: [
      {
        status: 201,
        description: 'Cancelled',
        example: {
          orderId: placedExample.orderId,
          status: 'cancelled',
          cancellation: { on: '2026-11-23', reason: 'ordered twice' },
        },
      },
    ],
  })
  async cancel(
    @Ctx() ctx: RequestContext,
    @FromPath() path: OrderPath,
    @FromBody() body: CancelOrderDto,
  ): Promise<string> {
    const orderId = asOrderId(path.orderId);
    const command = new CancelOrder(commandContext(ctx), orderId, body.reason);
    return commandAnswer(ctx, await this.commands.execute(command), (did) => {
      const { on, reason } = (did.kind === 'committed' && did.events[0]?.data) as {
        on: string;
        reason: string;
      }; // the event is an OrderCancelled
      return { orderId, status: 'cancelled', cancellation: { on, reason } };
    });
  }
}
