import { Controller, Get, Post, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ChangeSubscription,
  SetSubscriptionQuantity,
} from '../../../libs/application/billing/subscriptions/subscription.commands.js';
import { SubscriptionViews } from '../../../libs/application/billing/subscriptions/subscription-views.js';
import { SubscriptionEffects } from '../../../libs/application/days/subscription-effects.js';
import type { Committed } from '../../../libs/application/engine/commands/decision.js';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import type { SubscriptionCommand } from '../../../libs/domain/billing/subscription/subscription.decide.js';
import type { SubscriptionEvent } from '../../../libs/domain/billing/subscription/subscription-events.js';
import type { CustomerEvent } from '../../../libs/domain/customer/customer.js';
import {
  partnerId as asPartnerId,
  type SubscriptionId,
  subscriptionId as asSubscriptionId,
  tenantId as asTenantId,
} from '../../../libs/domain/shared/ids.js';
import { subscriptionStream } from '../../../libs/domain/shared/streams.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { done, headOf } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { ReadQuery } from '../dto/shared.dto.js';
import {
  AtTermEndDto,
  CancelSubscriptionDto,
  ListSubscriptions,
  SetQuantityDto,
  SubscriptionPath,
  SuspensionDto,
  VendorIdDto,
} from '../dto/subscriptions.dto.js';
import { RequestContext, scopeToday } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import {
  Allow,
  Conditional,
  CountsRefusals,
  Describe,
  Idempotent,
} from '../http/routing/route-declaration.js';
import { isDecided, OrderAnswers } from '../orders/order-answers.js';
import { SubscriptionReader } from './subscription-reader.js';
import { subscriptionExample, subscriptionView } from './subscription.view.js';

const tag = 'Subscriptions';
const example = subscriptionExample;
const changedTo = (after: object) => [
  {
    status: 201,
    description: 'Changed; "droppedSchedule" is what was scheduled before',
    example: after,
  },
  { status: 200, description: 'No change needed', example: after },
];
const changed = changedTo(example);
// It has no renewal to come.
const { renewsOn: _renewsOn, ...endingExample } = example;
const ending = changedTo(endingExample);

/** Subscriptions: what placed order lines became. */
@Controller('v1/subscriptions')
export class SubscriptionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly readModels: ReadModels,
    private readonly reader: SubscriptionReader,
    private readonly views: SubscriptionViews,
    private readonly effects: SubscriptionEffects,
    private readonly orders: OrderAnswers,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('read customers and orders')
  @Describe({
    summary: 'List subscriptions in the order of their beginning',
    tag,
    answers: [
      {
        status: 200,
        description: 'A page of subscriptions',
        example: { items: [example], nextCursor: null },
      },
    ],
  })
  async list(@Ctx() ctx: RequestContext, @FromQuery() query: ListSubscriptions): Promise<string> {
    const minPosition = await this.effects.readPosition(query.minPosition);
    const { items, nextCursor } = await this.readModels.listSubscriptions({
      ...query,
      minPosition,
      tenantId: query.tenantId === undefined ? undefined : asTenantId(query.tenantId),
      partnerId: query.partnerId === undefined ? undefined : asPartnerId(query.partnerId),
      scope: scopeToday(ctx, this.clock.judgementTime().date),
    });
    const views = [];
    for (const { record } of items)
      views.push(subscriptionView(record, await this.views.factsOf(record)));
    return answer(ctx, { items: views, nextCursor });
  }

  @Get(':subscriptionId')
  @Conditional()
  @Allow('read customers and orders')
  @Describe({
    summary: 'Read a subscription',
    tag,
    answers: [{ status: 200, description: 'The subscription as it is now', example }],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() path: SubscriptionPath,
    @FromQuery() { minPosition }: ReadQuery,
  ): Promise<string> {
    const id = asSubscriptionId(path.subscriptionId);
    const { view, ...head } = await this.reader.subscription(ctx, id, minPosition);
    return answer(ctx, view, head);
  }

  @Post(':subscriptionId/quantity')
  @Allow('enter orders')
  @Idempotent('accepted')
  @CountsRefusals()
  @Describe({
    summary:
      'Set the quantity: more seats are an order that the order gate judges (201 with "orderId", or 422 order-refused), fewer are removed while their window is open',
    tag,
    answers: changed,
  })
  async quantity(
    @Ctx() ctx: RequestContext,
    @FromPath() path: SubscriptionPath,
    @FromBody() { quantity }: SetQuantityDto,
  ): Promise<string> {
    const id = asSubscriptionId(path.subscriptionId);
    const command = new SetSubscriptionQuantity(commandContext(ctx), id, quantity);
    const did = done(await this.commands.execute(command));
    if (did.kind === 'committed' && isDecided(did)) return this.ordered(ctx, id, did);
    return this.changed(ctx, id, did);
  }

  @Post(':subscriptionId/suspension')
  @Allow('enter orders')
  @Idempotent('accepted')
  @Describe({
    summary: 'Suspend a subscription; it is still billed, and ends with its term',
    tag,
    answers: ending,
  })
  suspend(
    @Ctx() ctx: RequestContext,
    @FromPath() path: SubscriptionPath,
    @FromBody() body: SuspensionDto,
  ): Promise<string> {
    return this.change(ctx, path, { type: 'suspend', ...body });
  }

  @Post(':subscriptionId/resumption')
  @Allow('enter orders')
  @Idempotent('accepted')
  @Describe({
    summary: 'Resume a suspended subscription; it still ends with its term until that is set again',
    tag,
    answers: ending,
  })
  resume(
    @Ctx() ctx: RequestContext,
    @FromPath() path: SubscriptionPath,
    @FromBody() body: SuspensionDto,
  ): Promise<string> {
    return this.change(ctx, path, { type: 'resume', ...body });
  }

  @Post(':subscriptionId/cancellation')
  @Allow('enter orders')
  @Idempotent('accepted')
  @Describe({
    summary: 'Cancel a subscription while every seat is in an open window',
    tag,
    answers: ending,
  })
  cancel(
    @Ctx() ctx: RequestContext,
    @FromPath() path: SubscriptionPath,
    @FromBody() body: CancelSubscriptionDto,
  ): Promise<string> {
    return this.change(ctx, path, { type: 'cancel', ...body });
  }

  @Post(':subscriptionId/at-term-end')
  @Allow('enter orders')
  @Idempotent('accepted')
  @Describe({
    summary: 'Set what happens at the end of the term',
    tag,
    answers: changed,
  })
  atTermEnd(
    @Ctx() ctx: RequestContext,
    @FromPath() path: SubscriptionPath,
    @FromBody() atTermEnd: AtTermEndDto,
  ): Promise<string> {
    return this.change(ctx, path, { type: 'set-term-end', atTermEnd });
  }

  @Put(':subscriptionId/vendor-id')
  @Allow('enter orders')
  @Idempotent('accepted')
  @Describe({
    summary: "Set Microsoft's own id of the subscription, by which reconciliation finds it",
    tag,
    answers: changed,
  })
  vendorId(
    @Ctx() ctx: RequestContext,
    @FromPath() path: SubscriptionPath,
    @FromBody() { vendorId }: VendorIdDto,
  ): Promise<string> {
    return this.change(ctx, path, { type: 'set-vendor-id', vendorId: vendorId ?? null });
  }

  private async change(
    ctx: RequestContext,
    path: SubscriptionPath,
    command: SubscriptionCommand,
  ): Promise<string> {
    const id = asSubscriptionId(path.subscriptionId);
    const outcome = await this.commands.execute(
      new ChangeSubscription(commandContext(ctx), id, command),
    );
    return this.changed(ctx, id, done(outcome));
  }

  private async changed(
    ctx: RequestContext,
    id: SubscriptionId,
    did: ReturnType<typeof done<never, SubscriptionEvent | CustomerEvent>>,
  ): Promise<string> {
    const isChange = did.kind === 'committed';
    const drops = isChange && !keepsSchedule.has(did.events[0]?.type ?? '');
    const view = {
      ...(await this.reader.after(id, did.revision)),
      ...(drops && (await this.reader.droppedAt(id, did.revision - 1))),
    };
    return answer(ctx, view, { ...headOf(did), status: isChange ? 201 : 200 });
  }

  private async ordered(
    ctx: RequestContext,
    id: SubscriptionId,
    did: Committed<CustomerEvent>,
  ): Promise<string> {
    const [event] = did.events;
    const reads = event && 'decision' in event.data ? event.data.decision.reads : [];
    const seen = reads.find(([stream]) => stream === subscriptionStream(id))?.[1];
    return this.orders.decided(ctx, did, {
      subscriptionId: id,
      ...(seen !== undefined && (await this.reader.droppedAt(id, seen))),
    });
  }
}

const keepsSchedule = new Set<string>([
  'SubscriptionResumed',
  'SubscriptionTermEndSet',
  'SubscriptionVendorIdSet',
] satisfies readonly SubscriptionEvent['type'][]);
