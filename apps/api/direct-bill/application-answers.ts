import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { applicationFold } from '../../../libs/application/direct-bill/application-fold.js';
import { TakeApplicationStep } from '../../../libs/application/direct-bill/application.commands.js';
import type { CommandContext } from '../../../libs/application/engine/commands/command-context.js';
import type { Outcome } from '../../../libs/application/engine/commands/decision.js';
import { Records } from '../../../libs/application/records/records.js';
import type {
  ApplicationCommand,
  ApplicationRefusal,
} from '../../../libs/domain/direct-bill/application.decide.js';
import { renderDirectBillChecks } from '../../../libs/domain/direct-bill/direct-bill-view.js';
import type { ApplicationId } from '../../../libs/domain/shared/ids.js';
import { done, headOf } from '../commands/command-answer.js';
import { answer } from '../http/response/answer.js';
import type { RequestContext } from '../http/request/request-context.js';
import { ProblemException } from '../http/problems/problem.js';
import { applicationView } from './application.view.js';

/** Executes a step of an application, and answers with the application after the step. */
@Injectable()
export class ApplicationAnswers {
  constructor(
    private readonly commands: CommandBus,
    private readonly records: Records,
  ) {}

  async take(
    ctx: RequestContext,
    context: CommandContext,
    applicationId: ApplicationId,
    step: ApplicationCommand,
  ): Promise<string> {
    const outcome = await this.commands.execute(
      new TakeApplicationStep(context, applicationId, step),
    );
    const did = done(eligible(outcome, ctx));
    const { state } = await this.records.at(applicationFold(applicationId), did.revision);
    const location =
      step.type === 'submit' ? { location: `/v1/direct-bill-applications/${applicationId}` } : {};
    return answer(ctx, applicationView(state), { ...headOf(did), status: 201, ...location });
  }
}

/**
 * A refusal for missing requirements lists every check with its facts and evidence, in the client's
 * language.
 */
function eligible(
  outcome: Outcome<ApplicationRefusal>,
  { language }: RequestContext,
): Outcome<ApplicationRefusal> {
  if (outcome.kind !== 'refused' || outcome.refusal.code !== 'direct-bill-not-eligible')
    return outcome;
  const { code, reasons, checks } = outcome.refusal;
  throw new ProblemException(code, {
    extensions: { reasons, checks: renderDirectBillChecks(checks, language) },
    headers: { 'log-position': String(outcome.position) },
  });
}
