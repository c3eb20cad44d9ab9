import { Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import { EligibilityChecks } from '../../../libs/application/orders/eligibility-check.js';
import { PlaceOrder } from '../../../libs/application/orders/order.commands.js';
import { paddedOfferId } from '../../../libs/domain/catalog/offer-id.js';
import type { OrderRequest } from '../../../libs/domain/order/order.js';
import { partnerId, tenantId } from '../../../libs/domain/shared/ids.js';
import { customerStream } from '../../../libs/domain/shared/streams.js';
import { done } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { CustomerScope } from '../customers/customer-scope.js';
import { EligibilityCheckDto, PlaceOrderDto } from '../dto/orders.dto.js';
import { ReadQuery } from '../dto/shared.dto.js';
import {
  outsideScope,
  RequestContext,
  requirePartnerScope,
} from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, CountsRefusals, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { ReadBounds, requireAsOfInRange } from '../reading/read-bounds.js';
import { decisionExample, placedExample } from './order.examples.js';
import { OrderAnswers } from './order-answers.js';
import { shownDecision } from './order.view.js';

const tag = 'Orders';

/**
 * Places and checks orders. The order gate judges each order by every rule, and the answer has all
 * reasons.
 */
@Controller('v1')
export class PlaceOrdersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly checks: EligibilityChecks,
    private readonly answers: OrderAnswers,
    private readonly scope: CustomerScope,
    private readonly clock: Clock,
    private readonly reached: ReadBounds,
  ) {}

  @Post('orders')
  @Allow('enter orders')
  @Idempotent('required')
  @CountsRefusals()
  @Describe({
    summary:
      'Place an order: it is accepted (201), or refused with every reason (422, /problems/order-refused)',
    tag,
    answers: [
      {
        status: 201,
        description: 'Placed; the order is final and is never voided',
        example: placedExample,
      },
    ],
  })
  async place(@Ctx() ctx: RequestContext, @FromBody() body: PlaceOrderDto): Promise<string> {
    const order = orderOf(body);
    const did = done(await this.commands.execute(new PlaceOrder(commandContext(ctx), order)));
    if (did.kind === 'unchanged') throw new Error('an order is always decided');
    return this.answers.decided(ctx, did);
  }

  @Post('eligibility-checks')
  @Allow('check eligibility')
  @Describe({
    summary:
      'Check an order against the order gate without placing it: on any day (asOf), and as known at any position or instant (knownAt)',
    tag,
    answers: [
      {
        status: 200,
        description: 'The decision that the order would get',
        example: { decision: decisionExample, knownAt: '1042' },
      },
    ],
  })
  async check(
    @Ctx() ctx: RequestContext,
    @FromBody() body: EligibilityCheckDto,
    @FromQuery() query: ReadQuery,
  ): Promise<string> {
    requireAsOfInRange(body.asOf, this.clock.judgementTime().date);
    const order = orderOf(body);
    requirePartnerScope(ctx, order.partnerId);
    if (!(await this.scope.includes(ctx, order.tenantId))) throw outsideScope();
    const head = await this.reached.atLeast(query.minPosition);
    const { decision, knownAt } = await this.checks.check(order, body.asOf, body.knownAt, head);
    const shown = shownDecision(
      decision,
      await this.answers.rendering(ctx, customerStream(order.tenantId)),
    );
    return answer(
      ctx,
      { decision: shown, asOf: decision.date, knownAt: String(knownAt) },
      { position: knownAt },
    );
  }
}

export const orderOf = (body: PlaceOrderDto): OrderRequest => ({
  partnerId: partnerId(body.partnerId),
  ...(body.providerId === undefined ? {} : { providerId: partnerId(body.providerId) }),
  tenantId: tenantId(body.tenantId),
  currency: body.currency,
  lines: body.lines.map((line) => ({ ...line, offerId: paddedOfferId(line.offerId) })),
  ...(body.reference === undefined ? {} : { reference: body.reference }),
});
