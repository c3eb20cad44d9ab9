import { Controller, Get } from '@nestjs/common';
import {
  type EligibilityRead,
  EligibilityReads,
} from '../../../libs/application/qualification/eligibility-reads.js';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import { reasonsOf } from '../../../libs/domain/gate/rulebook.js';
import {
  partnerId as asPartnerId,
  tenantId as asTenantId,
} from '../../../libs/domain/shared/ids.js';
import { customerStream } from '../../../libs/domain/shared/streams.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { CustomerScope } from '../customers/customer-scope.js';
import { CustomerPath } from '../dto/paths.js';
import { CustomerEligibilityQuery } from '../dto/qualification.dto.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Describe } from '../http/routing/route-declaration.js';
import { shownDecision } from '../orders/order.view.js';
import { ReadBounds, requireAsOfInRange } from '../reading/read-bounds.js';
import { customerEligibilityExample } from './qualification.examples.js';

/**
 * The order gate without an order: the rules about a customer, and about the partner that would
 * sell to it.
 */
@Controller('v1/customers/:tenantId/eligibility')
export class CustomerEligibilityController {
  constructor(
    private readonly reads: EligibilityReads,
    private readonly scope: CustomerScope,
    private readonly reached: ReadBounds,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('check eligibility')
  @Describe({
    summary:
      'Check the customer-side and seller-side rules without an order: on any day (asOf), and as known at any position or instant (knownAt)',
    tag: 'Qualification',
    answers: [
      {
        status: 200,
        description: 'The checks; a tenant that is not a customer is judged as one',
        example: customerEligibilityExample,
      },
    ],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() path: CustomerPath,
    @FromQuery() query: CustomerEligibilityQuery,
  ): Promise<string> {
    const { partnerId, providerId } = query;
    requireAsOfInRange(query.asOf, this.clock.judgementTime().date);
    if (partnerId !== undefined && !inScope(ctx.principal, partnerId))
      throw new ProblemException('not-found');
    const tenantId = asTenantId(path.tenantId);
    // The scope is always that of today, independent of asOf and knownAt: after a relationship has
    // ended, its past is not shown either.
    if (!(await this.scope.includes(ctx, tenantId))) throw new ProblemException('not-found');
    const head = await this.reached.atLeast(query.minPosition);

    const asked = {
      tenantId,
      ...(partnerId === undefined ? {} : { partnerId: asPartnerId(partnerId) }),
      ...(providerId === undefined ? {} : { providerId: asPartnerId(providerId) }),
    };
    const read = await this.reads.of(asked, query, head);
    return answer(ctx, view(ctx, read), { position: read.knownAt });
  }
}

function view({ language }: RequestContext, read: EligibilityRead) {
  const { tenantId, partnerId, providerId, decision, program, knownAt } = read;
  const { outcome, checks, ...shown } = shownDecision(decision, {
    targetStream: customerStream(tenantId),
    language,
    program,
  });
  return {
    tenantId,
    ...(partnerId === undefined ? {} : { partnerId }),
    ...(providerId === undefined || partnerId === undefined ? {} : { providerId }),
    asOf: decision.date,
    knownAt: String(knownAt),
    policyVersion: shown.policyVersion,
    ruleset: shown.ruleset,
    eligible: outcome === 'accepted',
    reasons: reasonsOf(decision),
    checks,
  };
}
