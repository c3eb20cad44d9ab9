import { Controller, Get, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { StartBillingRun } from '../../../libs/application/billing/runs/billing-run.commands.js';
import { billingRunFold } from '../../../libs/application/billing/runs/billing-run-fold.js';
import {
  type DryRun,
  dryRunIdOf,
  dryRunOf,
  isDryRunId,
} from '../../../libs/application/billing/runs/dry-run-id.js';
import { DryRuns } from '../../../libs/application/billing/runs/dry-runs.js';
import { SubscriptionEffects } from '../../../libs/application/days/subscription-effects.js';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import { Records } from '../../../libs/application/records/records.js';
import { asPayer } from '../../../libs/domain/billing/parties/billing-profile.js';
import type { RunRequest } from '../../../libs/domain/billing/runs/billing-run.js';
import {
  billingEntityId as asEntityId,
  billingRunId as asRunId,
} from '../../../libs/domain/shared/ids.js';
import type { Position } from '../../../libs/event-log/event-log.js';
import { billingRunIdOf } from '../../../libs/event-log/identity.js';
import { addMonthsClamped, monthOf } from '../../../libs/domain/shared/calendar.js';
import { ReadModels } from '../../../libs/read-models/read-models.js';
import { done, headOf } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import { RunPath, StartBillingRunDto } from '../dto/documents.dto.js';
import { ListQuery, ReadQuery } from '../dto/shared.dto.js';
import { malformed, ProblemException } from '../http/problems/problem.js';
import { RequestContext, requireUnscoped } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { ReadBounds } from '../reading/read-bounds.js';
import {
  billingRunExample,
  billingRunListExample,
  billingRunView,
  dryRunView,
  listedRunView,
} from './billing-run.view.js';
import { documentExample, documentView } from './document.view.js';
import { dryRunPage } from './dry-run-page.js';

const tag = 'Billing runs';

/** Runs that issue the documents of a month, and dry runs that only show them. */
@Controller('v1/billing-runs')
export class BillingRunsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly records: Records,
    private readonly readModels: ReadModels,
    private readonly dryRuns: DryRuns,
    private readonly effects: SubscriptionEffects,
    private readonly reached: ReadBounds,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Allow('operate')
  @Idempotent('required')
  @Describe({
    summary: 'Bill the charges of a month that are on no document; a dry run shows the documents',
    tag,
    answers: [
      {
        status: 202,
        description: 'The run continues in the background',
        example: billingRunExample,
      },
    ],
  })
  async start(@Ctx() ctx: RequestContext, @FromBody() body: StartBillingRunDto): Promise<string> {
    requireUnscoped(ctx);
    const request: RunRequest = {
      period: body.period,
      ...(body.entityIds && { entityIds: body.entityIds.map(asEntityId) }),
      ...(body.payers && { payers: body.payers.map(asPayer) }),
    };
    if (body.dryRun) return this.startDry(ctx, request);
    const context = commandContext(ctx);
    const did = done(await this.commands.execute(new StartBillingRun(context, request)));
    const runId = billingRunIdOf(context.commandId);
    const { state } = await this.records.at(billingRunFold(runId), did.revision);
    return answer(ctx, billingRunView(runId, state, ctx.language), {
      ...headOf(did),
      status: 202,
      location: `/v1/billing-runs/${runId}`,
    });
  }

  @Get()
  @Allow('read everything')
  @Describe({
    summary: 'List billing runs in the order of their start, without their blocked payers',
    tag,
    answers: [
      {
        status: 200,
        description: 'A page of runs',
        example: { items: [billingRunListExample], nextCursor: null },
      },
    ],
  })
  async list(@Ctx() ctx: RequestContext, @FromQuery() query: ListQuery): Promise<string> {
    requireUnscoped(ctx);
    const { items, nextCursor } = await this.readModels.listBillingRuns(query);
    return answer(ctx, { items: items.map(listedRunView), nextCursor });
  }

  @Get(':runId')
  @Allow('read everything')
  @Describe({
    summary: 'Read the state of a billing run',
    tag,
    answers: [{ status: 200, description: 'The run as it is now', example: billingRunExample }],
  })
  async get(
    @Ctx() ctx: RequestContext,
    @FromPath() { runId }: RunPath,
    @FromQuery() { minPosition }: ReadQuery,
  ): Promise<string> {
    requireUnscoped(ctx);
    const position = await this.reached.atLeast(minPosition);
    if (isDryRunId(runId)) {
      const run = dryRunAt(runId, position);
      const view = dryRunView(run, await this.dryRuns.status(run), ctx.language);
      return answer(ctx, view, { position });
    }
    const id = asRunId(runId);
    const { state } = await this.records.present(billingRunFold(id), position);
    if (!state.started) throw new ProblemException('not-found');
    return answer(ctx, billingRunView(id, state, ctx.language), { position });
  }

  @Get(':runId/documents')
  @Allow('read everything')
  @Describe({
    summary: 'List the documents of a billing run; of a dry run those that it would issue',
    tag,
    answers: [
      {
        status: 200,
        description: 'A page of documents',
        example: { items: [documentExample], nextCursor: null },
      },
    ],
  })
  async documents(
    @Ctx() ctx: RequestContext,
    @FromPath() { runId }: RunPath,
    @FromQuery() query: ListQuery,
  ): Promise<string> {
    requireUnscoped(ctx);
    const position = await this.reached.atLeast(query.minPosition);
    if (isDryRunId(runId))
      return answer(ctx, await dryRunPage(this.dryRuns, dryRunAt(runId, position), query));
    const id = asRunId(runId);
    const { state } = await this.records.present(billingRunFold(id), position);
    if (!state.started) throw new ProblemException('not-found');
    // Documents that the status counts are in the list.
    const { items, nextCursor } = await this.readModels.listDocuments({
      ...query,
      minPosition: position,
      runId: id,
    });
    return answer(ctx, { items: items.map(documentView), nextCursor });
  }

  private async startDry(ctx: RequestContext, request: RunRequest): Promise<string> {
    const latest = monthOf(addMonthsClamped(this.clock.judgementTime().date, 12));
    if (request.period > latest)
      throw malformed({ path: '/period', code: 'range', expected: latest, bound: 'max' });
    await this.effects.settled();
    const knownAt = await this.reached.atLeast(undefined);
    const run = { ...request, knownAt };
    return answer(ctx, dryRunView(run, await this.dryRuns.status(run), ctx.language), {
      position: knownAt,
      status: 202,
      location: `/v1/billing-runs/${dryRunIdOf(run)}`,
    });
  }
}

/** A log that does not reach the position of the dry run has no such run. */
function dryRunAt(runId: string, head: Position): DryRun {
  const run = dryRunOf(runId);
  if (!run || run.knownAt > head) throw new ProblemException('not-found');
  return run;
}
