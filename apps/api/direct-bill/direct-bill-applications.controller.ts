import { applyDecorators, Controller, Get, Post } from '@nestjs/common';
import { applicationFold } from '../../../libs/application/direct-bill/application-fold.js';
import { Records } from '../../../libs/application/records/records.js';
import type { ApplicationCommand } from '../../../libs/domain/direct-bill/application.decide.js';
import { applicationId as asApplicationId } from '../../../libs/domain/shared/ids.js';
import { inScope } from '../../../libs/platform/authentication/principal.js';
import { commandContext } from '../commands/command-context.js';
import {
  ApplicationPath,
  ApplicationStepDetails,
  ApproveApplication,
  AssessCapabilities,
  ScheduleInterview,
} from '../dto/direct-bill.dto.js';
import { ReadQuery } from '../dto/shared.dto.js';
import { ProblemException } from '../http/problems/problem.js';
import { RequestContext } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Conditional, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { ReadBounds } from '../reading/read-bounds.js';
import { ApplicationAnswers } from './application-answers.js';
import { applicationExample, applicationView, approvedExample } from './application.view.js';

const tag = 'Direct-bill applications';

/** Declares a step that an operator takes. The answer is the application after the step. */
const Step = (summary: string, example: object = applicationExample): MethodDecorator =>
  applyDecorators(
    Allow('operate'),
    Idempotent('accepted'),
    Describe({
      summary,
      tag,
      answers: [{ status: 201, description: 'The step is recorded', example }],
    }),
  );

type PlainStep = Exclude<ApplicationCommand['type'], 'submit' | 'assess-capabilities' | 'approve'>;

/** Applications for direct billing. Their steps have a fixed order. */
@Controller('v1/direct-bill-applications/:applicationId')
export class DirectBillApplicationsController {
  constructor(
    private readonly answers: ApplicationAnswers,
    private readonly records: Records,
    private readonly reached: ReadBounds,
  ) {}

  @Get()
  @Conditional()
  @Allow('read partners')
  @Describe({
    summary: 'Read an application with its status and every step',
    tag,
    answers: [{ status: 200, description: 'The application', example: applicationExample }],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() path: ApplicationPath,
    @FromQuery() query: ReadQuery,
  ): Promise<string> {
    const position = await this.reached.atLeast(query.minPosition);
    const { state, revision } = await this.records.present(
      applicationFold(asApplicationId(path.applicationId)),
      position,
    );
    if (state.partnerId === undefined || !inScope(ctx.principal, state.partnerId))
      throw new ProblemException('application-unknown');
    return answer(ctx, applicationView(state), { position, revision });
  }

  @Post('information-requests')
  @Step('Ask the partner for more information')
  requestInformation(
    @Ctx() ctx: RequestContext,
    @FromPath() path: ApplicationPath,
    @FromBody({ optional: true }) body: ApplicationStepDetails,
  ): Promise<string> {
    // prettier-ignore
    return this.plain(ctx, path, 'request-information', body);
  }

  @Post('information')
  @Step('Provide the information that was asked for')
  provideInformation(
    @Ctx() ctx: RequestContext,
    @FromPath() path: ApplicationPath,
    @FromBody({ optional: true }) body: ApplicationStepDetails,
  ): Promise<string> {
    // prettier-ignore
    return this.plain(ctx, path, 'provide-information', body);
  }

  @Post('revenue-confirmation')
  @Step('Confirm revenue and tenure; refused when DIRECT-1 or DIRECT-2 fails')
  confirm(
    @Ctx() ctx: RequestContext,
    @FromPath() path: ApplicationPath,
    @FromBody({ optional: true }) body: ApplicationStepDetails,
  ): Promise<string> {
    // prettier-ignore
    return this.plain(ctx, path, 'confirm-qualification', body);
  }

  @Post('interview')
  @Step('Schedule the assessment interview')
  interview(
    @Ctx() ctx: RequestContext,
    @FromPath() path: ApplicationPath,
    @FromBody({ optional: true }) body: ScheduleInterview,
  ): Promise<string> {
    // prettier-ignore
    return this.plain(ctx, path, 'schedule-interview', body);
  }

  @Post('assessment')
  @Step('Record a third party’s assessment of the five capabilities')
  assess(
    @Ctx() ctx: RequestContext,
    @FromPath() path: ApplicationPath,
    @FromBody() body: AssessCapabilities,
  ): Promise<string> {
    const { assessor, on, note, ...results } = body;
    const details = { on, ...(note !== undefined && { note }) };
    return this.take(ctx, path, {
      type: 'assess-capabilities',
      details,
      results: { ...results },
      assessor,
    });
  }

  @Post('approval')
  @Step(
    'Approve the application and start the authorization; refused when any DIRECT rule fails',
    approvedExample,
  )
  approve(
    @Ctx() ctx: RequestContext,
    @FromPath() path: ApplicationPath,
    @FromBody({ optional: true }) body: ApproveApplication,
  ): Promise<string> {
    // prettier-ignore
    const { from, evidence, ...details } = { ...body };
    return this.take(ctx, path, {
      type: 'approve',
      details,
      ...(from !== undefined && { from }),
      ...(evidence !== undefined && { evidence }),
    });
  }

  @Post('decline')
  @Step('Decline the application after the assessment')
  decline(
    @Ctx() ctx: RequestContext,
    @FromPath() path: ApplicationPath,
    @FromBody({ optional: true }) body: ApplicationStepDetails,
  ): Promise<string> {
    // prettier-ignore
    return this.plain(ctx, path, 'decline', body);
  }

  @Post('withdrawal')
  @Step('Withdraw the application before it is decided')
  withdraw(
    @Ctx() ctx: RequestContext,
    @FromPath() path: ApplicationPath,
    @FromBody({ optional: true }) body: ApplicationStepDetails,
  ): Promise<string> {
    // prettier-ignore
    return this.plain(ctx, path, 'withdraw', body);
  }

  private plain(
    ctx: RequestContext,
    path: ApplicationPath,
    type: PlainStep,
    body: ApplicationStepDetails | undefined,
  ): Promise<string> {
    return this.take(ctx, path, { type, details: { ...body } });
  }

  private take(
    ctx: RequestContext,
    path: ApplicationPath,
    step: ApplicationCommand,
  ): Promise<string> {
    const applicationId = asApplicationId(path.applicationId);
    return this.answers.take(ctx, commandContext(ctx), applicationId, step);
  }
}
