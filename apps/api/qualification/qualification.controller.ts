import { Controller, Get } from '@nestjs/common';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import { renderDirectBillChecks } from '../../../libs/domain/direct-bill/direct-bill-view.js';
import {
  PartnerReads,
  type Answered,
} from '../../../libs/application/qualification/partner-reads.js';
import { partnerId as asPartnerId } from '../../../libs/domain/shared/ids.js';
import type { Position } from '../../../libs/event-log/event-log.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { PartnerPath } from '../dto/paths.js';
import { DirectBillEligibilityQuery } from '../dto/qualification.dto.js';
import { TwoTimesQuery } from '../dto/revenue.dto.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Describe } from '../http/routing/route-declaration.js';
import { ReadBounds, requireAsOfInRange } from '../reading/read-bounds.js';
import { directBillEligibilityExample, tenureExample } from './qualification.examples.js';

const tag = 'Qualification';

/**
 * Tenure and direct-bill eligibility of a partner, as of a business date, as known at a position or
 * an instant.
 */
@Controller('v1/partners/:partnerId')
export class QualificationController {
  constructor(
    private readonly reads: PartnerReads,
    private readonly reached: ReadBounds,
    private readonly clock: Clock,
  ) {}

  @Get('tenure')
  @Allow('read partners')
  @Describe({
    summary:
      'Read how long the partner has been an indirect reseller with an active membership and an authorized provider',
    tag,
    answers: [{ status: 200, description: 'The tenure', example: tenureExample }],
  })
  async tenure(
    @Ctx() ctx: RequestContext,
    @FromPath() { partnerId }: PartnerPath,
    @FromQuery() query: TwoTimesQuery,
  ): Promise<string> {
    const head = await this.admit(ctx, partnerId, query);
    const known = await this.reads.tenure(asPartnerId(partnerId), query, head);
    if (!known) throw new ProblemException('not-found');
    return answer(ctx, { ...answeredFor(known), ...known.tenure }, { position: known.knownAt });
  }

  @Get('direct-bill-eligibility')
  @Allow('read partners')
  @Describe({
    summary: 'Check every direct-bill rule, with its facts and the events that prove them',
    tag,
    answers: [{ status: 200, description: 'The checks', example: directBillEligibilityExample }],
  })
  async directBill(
    @Ctx() ctx: RequestContext,
    @FromPath() { partnerId }: PartnerPath,
    @FromQuery() query: DirectBillEligibilityQuery,
  ): Promise<string> {
    const head = await this.admit(ctx, partnerId, query);
    const known = await this.reads.directBill(asPartnerId(partnerId), query, head, query.occasion);
    if (!known) throw new ProblemException('not-found');
    const { eligible, checks } = known;
    const body = {
      ...answeredFor(known),
      eligible,
      checks: renderDirectBillChecks(checks, ctx.language),
    };
    return answer(ctx, body, { position: known.knownAt });
  }

  /**
   * Returns the log's head. Throws 404 outside the scope, and 400 for a date too far in the future
   * or a position after the end of the log.
   */
  private admit(
    { principal }: RequestContext,
    partnerId: string,
    { asOf, minPosition }: TwoTimesQuery,
  ): Promise<Position> {
    requireAsOfInRange(asOf, this.clock.judgementTime().date);
    if (!inScope(principal, partnerId)) throw new ProblemException('not-found');
    return this.reached.atLeast(minPosition);
  }
}

/** The times and the policy of an answer. */
export const answeredFor = ({ asOf, knownAt, policy }: Answered) => ({
  asOf,
  knownAt: String(knownAt),
  policyVersion: `${policy.effectiveFrom}@${policy.proof.revision}`,
});
