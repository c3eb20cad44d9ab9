import { Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ChangeRevenue,
  RecordRevenue,
  type RevenueChange,
} from '../../../libs/application/revenue/revenue.commands.js';
import type { RevenueEvent, RevenueStatement } from '../../../libs/domain/qualification/revenue.js';
import { partnerId, revenueId as asRevenueId, tenantId } from '../../../libs/domain/shared/ids.js';
import { commandAnswer } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { RevenuePath } from '../dto/paths.js';
import {
  PayRevenueDto,
  RecordRevenueDto,
  ReverseRevenueDto,
  ReviewRevenueDto,
} from '../dto/revenue.dto.js';
import { RequestContext } from '../http/request/request-context.js';
import { Ctx, FromBody, FromPath } from '../http/routing/request-decorators.js';
import { Allow, Describe, Idempotent } from '../http/routing/route-declaration.js';
import {
  paidExample,
  recordedExample,
  reversedExample,
  reviewedExample,
} from './revenue.examples.js';

const tag = 'Revenue';

/** Revenue entries of partners in CSP, with their reversals, reviews and payments. */
@Controller('v1/revenue')
export class RevenueController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Allow('operate')
  @Idempotent('required')
  @Describe({
    summary:
      'Record a revenue entry. Its USD amount is fixed at the rate of its month. The same source and reference count once',
    tag,
    answers: [
      { status: 201, description: 'Recorded', example: recordedExample },
      {
        status: 200,
        description: 'No change needed: it is already recorded',
        example: recordedExample,
      },
    ],
  })
  async record(@Ctx() ctx: RequestContext, @FromBody() body: RecordRevenueDto): Promise<string> {
    const { outcome, entry } = await this.commands.execute(
      new RecordRevenue(commandContext(ctx), statementOf(body)),
    );
    return commandAnswer(ctx, outcome, () => ({
      revenueId: entry?.revenueId,
      usdAmount: entry?.usdAmount,
    }));
  }

  @Post(':revenueId/reversal')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Reverse an entry, or a part of it, on a date of its own and at the entry’s rate',
    tag,
    answers: [{ status: 201, description: 'Reversed', example: reversedExample }],
  })
  reverse(
    @Ctx() ctx: RequestContext,
    @FromPath() path: RevenuePath,
    @FromBody() body: ReverseRevenueDto,
  ): Promise<string> {
    return this.change(ctx, path, { type: 'reverse', ...body }, (reversed) => ({
      ...amountsOf(reversed),
      on: body.on,
    }));
  }

  @Post(':revenueId/review')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary:
      'Record the outcome of Microsoft’s review from a day on: a disallowed entry does not count, an entry under review counts',
    tag,
    answers: [
      { status: 201, description: 'Recorded', example: reviewedExample },
      {
        status: 200,
        description: 'No change needed: this is the review in force on that day',
        example: reviewedExample,
      },
    ],
  })
  review(
    @Ctx() ctx: RequestContext,
    @FromPath() path: RevenuePath,
    @FromBody() body: ReviewRevenueDto,
  ): Promise<string> {
    return this.change(ctx, path, { type: 'review', ...body }, () => ({
      outcome: body.outcome,
      on: body.on,
    }));
  }

  @Post(':revenueId/payment')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Record that an entry, or a part of it, was paid',
    tag,
    answers: [{ status: 201, description: 'Recorded', example: paidExample }],
  })
  pay(
    @Ctx() ctx: RequestContext,
    @FromPath() path: RevenuePath,
    @FromBody() body: PayRevenueDto,
  ): Promise<string> {
    return this.change(ctx, path, { type: 'pay', ...body }, (paid) => ({
      ...amountsOf(paid),
      paidOn: body.paidOn,
    }));
  }

  private async change(
    ctx: RequestContext,
    path: RevenuePath,
    change: RevenueChange,
    body: (appended: RevenueEvent | undefined) => object,
  ): Promise<string> {
    const revenueId = asRevenueId(path.revenueId);
    const outcome = await this.commands.execute(
      new ChangeRevenue(commandContext(ctx), revenueId, change),
    );
    return commandAnswer(ctx, outcome, (did) => {
      const appended = did.kind === 'committed' ? did.events[0] : undefined;
      return { revenueId, ...body(appended) };
    });
  }
}

const amountsOf = (event: RevenueEvent | undefined): object =>
  event?.type === 'RevenueReversed' || event?.type === 'RevenuePaid'
    ? { amount: event.data.amount, usdAmount: event.data.usdAmount }
    : {};

const statementOf = ({ amount, ...body }: RecordRevenueDto): RevenueStatement => ({
  partnerId: partnerId(body.partnerId),
  tenantId: tenantId(body.tenantId),
  amount: { amount: amount.amount, currency: amount.currency },
  recognizedOn: body.recognizedOn,
  family: body.family,
  soldAs: body.soldAs,
  source: body.source,
  reference: body.reference,
});
