import { Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { StateCache } from '../../../libs/application/engine/states/state-cache.js';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import { EligibilityChecks } from '../../../libs/application/orders/eligibility-check.js';
import { PlaceOrder } from '../../../libs/application/orders/order.commands.js';
import { programFold } from '../../../libs/application/records/folds.js';
import { paddedOfferId } from '../../../libs/domain/catalog/offer-id.js';
import type { Committed } from '../../../libs/application/engine/commands/decision.js';
import type { CustomerEvent } from '../../../libs/domain/customer/customer.js';
import { reasonsOf } from '../../../libs/domain/gate/rulebook.js';
import type { OrderRequest } from '../../../libs/domain/order/order.js';
import { partnerId, tenantId } from '../../../libs/domain/shared/ids.js';
import { customerStream } from '../../../libs/domain/shared/streams.js';
import { done, headOf } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { CustomerScope } from '../customers/customer-scope.js';
import { EligibilityCheckDto, PlaceOrderDto } from '../dto/orders.dto.js';
import { ReadQuery } from '../dto/shared.dto.js';
import { prefersMinimal } from '../http/request/preferences.js';
import {
  outsideScope,
  RequestContext,
  requirePartnerScope,
} from '../http/request/request-context.js';
import { answer, problemAnswer } from '../http/response/answer.js';
import { Ctx, FromBody, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, CountsRefusals, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { ReadBounds, requireAsOfInRange } from '../reading/read-bounds.js';
import { decisionExample, placedExample } from './order.examples.js';
import { type Rendering, shownDecision, shownOutcome } from './order.view.js';

const tag = 'Orders';
const UNDECIDED = 'an order is always decided';

/**
 * Places and checks orders. The order gate judges each order by every rule, and the answer has all
 * reasons.
 */
@Controller('v1')
export class PlaceOrdersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly checks: EligibilityChecks,
    private readonly states: StateCache,
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
    if (did.kind === 'unchanged') throw new Error(UNDECIDED);
    return this.decided(ctx, order, did);
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
    const shown = shownDecision(decision, await this.rendering(ctx, order));
    return answer(
      ctx,
      { decision: shown, asOf: decision.date, knownAt: String(knownAt) },
      { position: knownAt },
    );
  }

  /** A refusal is a recorded decision: the problem document has the order's id and all reasons. */
  private async decided(
    ctx: RequestContext,
    order: OrderRequest,
    did: Committed<CustomerEvent>,
  ): Promise<string> {
    const [decided] = did.events;
    if (decided?.type !== 'OrderPlaced' && decided?.type !== 'OrderRefused')
      throw new Error(UNDECIDED);
    const { orderId, lines, total, decision } = decided.data;
    const voided = did.events.find((event) => event.type === 'OrderVoided');
    const counts = voided?.data.decision ?? decision;
    const isMinimal = prefersMinimal(ctx.request.headers['prefer']);
    const shown = (isMinimal ? shownOutcome : shownDecision)(
      counts,
      await this.rendering(ctx, order),
    );
    const applied = isMinimal ? { headers: { 'preference-applied': 'return=minimal' } } : {};
    const head = { ...headOf(did), location: `/v1/orders/${orderId}`, ...applied };
    if (counts.outcome === 'accepted')
      return answer(
        ctx,
        { orderId, status: 'placed', total, lines, decision: shown },
        { ...head, status: 201 },
      );
    if (!did.replayed) ctx.request.admission?.orderRefused();
    return problemAnswer(
      ctx,
      'order-refused',
      { extensions: { orderId, reasons: reasonsOf(counts), decision: shown } },
      head,
    );
  }

  private async rendering(ctx: RequestContext, order: OrderRequest): Promise<Rendering> {
    const { state: program } = await this.states.load(programFold);
    return { targetStream: customerStream(order.tenantId), language: ctx.language, program };
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
