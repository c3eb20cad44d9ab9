import { Controller, Get, Post } from '@nestjs/common';
import { Records } from '../../../libs/application/records/records.js';
import { partnerId as asPartnerId } from '../../../libs/domain/shared/ids.js';
import { applicationIdOf } from '../../../libs/event-log/identity.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { commandContext } from '../commands/command-context.js';
import { ApplicationStepDetails } from '../dto/direct-bill.dto.js';
import { PartnerPath } from '../dto/paths.js';
import { ReadQuery } from '../dto/shared.dto.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { ReadBounds } from '../reading/read-bounds.js';
import { ApplicationAnswers } from './application-answers.js';
import { applicationExample, applicationView } from './application.view.js';

const tag = 'Direct-bill applications';

/** A partner's applications for direct billing. */
@Controller('v1/partners/:partnerId/direct-bill-applications')
export class PartnerApplicationsController {
  constructor(
    private readonly answers: ApplicationAnswers,
    private readonly records: Records,
    private readonly readModels: ReadModels,
    private readonly reached: ReadBounds,
  ) {}

  @Post()
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Apply for direct billing; the review of revenue and tenure begins',
    tag,
    answers: [{ status: 201, description: 'Submitted', example: applicationExample }],
  })
  submit(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromBody({ optional: true }) body: ApplicationStepDetails,
  ): Promise<string> {
    const context = commandContext(ctx);
    const step = {
      type: 'submit',
      partnerId: asPartnerId(path.partnerId),
      details: { ...body },
    } as const;
    return this.answers.take(ctx, context, applicationIdOf(context.commandId), step);
  }

  @Get()
  @Allow('read partners')
  @Describe({
    summary: 'List the partner’s applications in the order of their submission',
    tag,
    answers: [
      {
        status: 200,
        description: 'All applications of the partner',
        example: { items: [applicationExample] },
      },
    ],
  })
  async list(
    @Ctx() ctx: RequestContext,
    @FromPath() path: PartnerPath,
    @FromQuery() query: ReadQuery,
  ): Promise<string> {
    const position = await this.reached.atLeast(query.minPosition);
    const partnerId = asPartnerId(path.partnerId);
    const { state } = await this.records.partner(partnerId, position);
    if (!state.registration || !inScope(ctx.principal, partnerId))
      throw new ProblemException('not-found');
    const applications = await this.readModels.applicationsOf(partnerId, position);
    return answer(ctx, { items: applications.map(applicationView) }, { position });
  }
}
