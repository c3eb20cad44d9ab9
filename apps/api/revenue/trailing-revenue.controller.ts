import { Controller, Get } from '@nestjs/common';
import { TrailingRevenueReading } from '../../../libs/application/revenue/trailing-revenue-reading.js';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import { partnerId as asPartnerId } from '../../../libs/domain/shared/ids.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { PartnerPath } from '../dto/paths.js';
import { TwoTimesQuery } from '../dto/revenue.dto.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Describe } from '../http/routing/route-declaration.js';
import { ReadBounds, requireAsOfInRange } from '../reading/read-bounds.js';
import { trailingRevenueExample } from './revenue.examples.js';

@Controller('v1/partners/:partnerId/trailing-revenue')
export class TrailingRevenueController {
  constructor(
    private readonly reading: TrailingRevenueReading,
    private readonly reached: ReadBounds,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('read projections')
  @Describe({
    summary:
      'Read the revenue of twelve months against the threshold: on any day (asOf), and as known at any position or instant (knownAt)',
    tag: 'Qualification',
    answers: [
      {
        status: 200,
        description: 'The revenue by month, its total and the threshold',
        example: trailingRevenueExample,
      },
    ],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() { partnerId }: PartnerPath,
    @FromQuery() query: TwoTimesQuery,
  ): Promise<string> {
    const { asOf, knownAt, minPosition } = query;
    requireAsOfInRange(asOf, this.clock.judgementTime().date);
    if (!inScope(ctx.principal, partnerId)) throw new ProblemException('not-found');
    const head = await this.reached.atLeast(minPosition);
    const known = await this.reading.of(asPartnerId(partnerId), { asOf, knownAt, head });
    if (!known) throw new ProblemException('not-found');
    const { effectiveFrom, proof } = known.policy;
    const policyVersion = `${effectiveFrom}@${proof.revision}`;
    const position = String(known.knownAt);
    return answer(
      ctx,
      { asOf: known.asOf, knownAt: position, ...known.revenue, policyVersion },
      { position: known.knownAt },
    );
  }
}
