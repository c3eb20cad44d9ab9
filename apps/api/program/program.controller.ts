import { Controller, Get, Post, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Clock } from '../../../libs/application/engine/time/clock.js';
import type { Committed } from '../../../libs/application/engine/commands/decision.js';
import { ChangeProgram } from '../../../libs/application/program/program.commands.js';
import { Records } from '../../../libs/application/records/records.js';
import { policyOn } from '../../../libs/domain/program/program-queries.js';
import type { ProgramCommand } from '../../../libs/domain/program/program.decide.js';
import type { ProgramEvent, PublishedPolicy } from '../../../libs/domain/program/program.js';
import { commandAnswer } from '../commands/command-answer.js';
import { commandContext } from '../commands/command-context.js';
import {
  PolicyQuery,
  PublishAgreementVersion,
  PublishExchangeRates,
} from '../dto/catalogue.dto.js';
import { TickDto } from '../dto/log.dto.js';
import { AgreementVersionPath, MonthPath, PolicyPath, RulesetPath } from '../dto/paths.js';
import { PublishPolicy } from '../dto/policy.dto.js';
import { RequestContext, requireUnscoped } from '../http/request/request-context.js';
import { answer } from '../http/response/answer.js';
import { Ctx, FromBody, FromPath, FromQuery } from '../http/routing/request-decorators.js';
import { Allow, Describe, Idempotent } from '../http/routing/route-declaration.js';
import { ReadBounds } from '../reading/read-bounds.js';

const tag = 'Program';

/**
 * The parts of the program that every order depends on: policies, agreement versions, exchange
 * rates, the ruleset and the days.
 */
@Controller('v1')
export class ProgramController {
  constructor(
    private readonly commands: CommandBus,
    private readonly records: Records,
    private readonly reached: ReadBounds,
    private readonly clock: Clock,
  ) {}

  @Put('policies/:effectiveFrom')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary:
      'Publish a policy from a day on; omitted keys are copied from the policy in force on that day',
    tag,
    answers: [
      {
        status: 201,
        description: 'Published',
        example: { policyVersion: '2027-01-01@12', effectiveFrom: '2027-01-01' },
      },
      { status: 200, description: 'No change needed: the same content is already published' },
    ],
  })
  async putPolicy(
    @Ctx() ctx: RequestContext,
    @FromPath() { effectiveFrom }: PolicyPath,
    @FromBody() changes: PublishPolicy,
  ): Promise<string> {
    const outcome = await this.execute(ctx, { type: 'publish-policy', effectiveFrom, changes });
    const { state } = await this.records.program(outcome.position);
    return commandAnswer(ctx, outcome, (did) => {
      const published =
        did.kind === 'committed'
          ? publishedAt(state.policies, did)
          : policyOn(state, effectiveFrom);
      return published ? policyView(published) : {};
    });
  }

  @Get('policies')
  @Allow('read everything')
  @Describe({
    summary: 'Read the policy in force on a day, and every published policy',
    tag,
    answers: [
      {
        status: 200,
        description: 'The policy in force',
        example: { on: '2026-11-22', policyVersion: '0001-01-01@2', effectiveFrom: '0001-01-01' },
      },
    ],
  })
  async policies(@Ctx() ctx: RequestContext, @FromQuery() query: PolicyQuery): Promise<string> {
    const position = await this.reached.atLeast(query.minPosition);
    const { state } = await this.records.program(position);
    const on = query.on ?? this.clock.judgementTime().date;
    const inForce = policyOn(state, on);
    return answer(
      ctx,
      { on, ...(inForce && policyView(inForce)), items: state.policies.map(policyView) },
      { position },
    );
  }

  @Put('agreement-versions/:version')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Publish a version of the Microsoft Customer Agreement',
    tag,
    answers: [
      { status: 201, description: 'Published' },
      { status: 200, description: 'No change needed: the same content is already published' },
    ],
  })
  async putAgreementVersion(
    @Ctx() ctx: RequestContext,
    @FromPath() { version }: AgreementVersionPath,
    @FromBody() body: PublishAgreementVersion,
  ): Promise<string> {
    const outcome = await this.execute(ctx, {
      type: 'publish-agreement-version',
      version,
      ...body,
    });
    const { state } = await this.records.program(outcome.position);
    const { proof: _proof, ...published } = state.agreementVersions.find(
      (known) => known.version === version,
    ) ?? {
      proof: undefined,
      version,
    };
    return commandAnswer(ctx, outcome, (did) =>
      did.kind === 'committed' ? dataOf(did) : published,
    );
  }

  @Put('exchange-rates/:month')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Publish a month’s exchange rates, in USD for one unit of each currency',
    tag,
    answers: [
      {
        status: 201,
        description: 'Published',
        example: { month: '2026-11', usdPerUnit: { JPY: '0.0067', EUR: '1.08' } },
      },
      { status: 200, description: 'No change needed: the same content is already published' },
    ],
  })
  async putExchangeRates(
    @Ctx() ctx: RequestContext,
    @FromPath() { month }: MonthPath,
    @FromBody() { usdPerUnit }: PublishExchangeRates,
  ): Promise<string> {
    const outcome = await this.execute(ctx, { type: 'publish-exchange-rates', month, usdPerUnit });
    return commandAnswer(ctx, outcome, (did) =>
      did.kind === 'committed' ? dataOf(did) : { month, usdPerUnit },
    );
  }

  @Post('rulesets/:ruleset/activation')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Activate a ruleset, by which later orders are judged',
    tag,
    answers: [
      { status: 201, description: 'Activated', example: { ruleset: '2027-01' } },
      { status: 200, description: 'No change needed: the ruleset is already active' },
    ],
  })
  async activateRuleset(
    @Ctx() ctx: RequestContext,
    @FromPath() { ruleset }: RulesetPath,
  ): Promise<string> {
    return commandAnswer(
      ctx,
      await this.execute(ctx, { type: 'activate-ruleset', ruleset }),
      () => ({ ruleset }),
    );
  }

  @Post('clock/ticks')
  @Allow('operate')
  @Idempotent('accepted')
  @Describe({
    summary: 'Start the days that are due; on a log with a manual clock, set the clock first',
    tag,
    answers: [
      {
        status: 201,
        description: 'Started',
        example: {
          on: '2026-11-23',
          started: ['2026-11-22', '2026-11-23'],
          now: '2026-11-23T00:00:00.000Z',
        },
      },
      { status: 200, description: 'No change needed: no day was due' },
    ],
  })
  async tick(@Ctx() ctx: RequestContext, @FromBody() body: TickDto): Promise<string> {
    const outcome = await this.execute(ctx, { type: 'tick', ...body });
    return commandAnswer(ctx, outcome, (did) => ({
      on: body.on,
      started:
        did.kind === 'committed'
          ? did.events.filter((event) => event.type === 'DayStarted').map(({ data }) => data.date)
          : [],
      now: (did.kind === 'committed' && instantOf(did)) || this.clock.instant(),
    }));
  }

  /** The program affects every partner's orders, so a scoped key may not change it. */
  private async execute(ctx: RequestContext, change: ProgramCommand) {
    requireUnscoped(ctx);
    return this.commands.execute(new ChangeProgram(commandContext(ctx), change));
  }
}

const dataOf = (did: Committed<ProgramEvent>): object => did.events[0]?.data ?? {};

/**
 * The time of the clock after the command, the same for a repeat: the time to which it was set, or
 * else that of the last event.
 */
const instantOf = ({ events }: Committed<ProgramEvent>): string | undefined => {
  const set = events.find((event) => event.type === 'ClockSet');
  return set ? set.data.at : events.at(-1)?.recordedAt;
};

const publishedAt = (
  policies: readonly PublishedPolicy[],
  did: Committed,
): PublishedPolicy | undefined => policies.find(({ proof }) => proof.eventId === did.events[0]?.id);

/** `policyVersion` is `<effectiveFrom>@<revision in program>`, everywhere. */
const policyView = ({ effectiveFrom, policy, proof }: PublishedPolicy) => ({
  policyVersion: `${effectiveFrom}@${proof.revision}`,
  effectiveFrom,
  policy,
});
