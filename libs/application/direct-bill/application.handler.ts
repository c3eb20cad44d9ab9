import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { requiredPolicyOn } from '../../domain/program/program.js';
import { directBillStatusOn, type Partner } from '../../domain/partner/partner.js';
import type { DirectBillApplication } from '../../domain/direct-bill/application.js';
import {
  type ApplicationCommand,
  type ApplicationDecisionFacts,
  type ApplicationRefusal,
  decideApplication,
  isJudged,
} from '../../domain/direct-bill/application.decide.js';
import { judgeDirectBill } from '../../domain/direct-bill/direct-bill-rules.js';
import type { DirectBillOccasion } from '../../domain/direct-bill/direct-bill-rule.js';
import type { PartnerId } from '../../domain/shared/ids.js';
import { EventLog, type Guard } from '../../event-log/event-log.js';
import { ReadModels } from '../../read-models/read-models.js';
import type { Outcome } from '../engine/commands/decision.js';
import { Decisions } from '../engine/commands/decisions.js';
import { DayEffects } from '../days/day-effects.js';
import { partnerFold } from '../records/folds.js';
import { StateCache } from '../engine/states/state-cache.js';
import { Clock } from '../engine/time/clock.js';
import { applicationFold } from './application-fold.js';
import { TakeApplicationStep } from './application.commands.js';
import { gatherDirectBillFacts } from './direct-bill-facts.js';
import { AuthorizationStarts } from './authorization-start.js';

interface Known {
  readonly facts: ApplicationDecisionFacts;
  readonly guards: readonly Guard[];
}

@CommandHandler(TakeApplicationStep)
export class TakeApplicationStepHandler implements ICommandHandler<TakeApplicationStep> {
  constructor(
    private readonly decisions: Decisions,
    readonly states: StateCache,
    readonly readModels: ReadModels,
    private readonly log: EventLog,
    private readonly clock: Clock,
    private readonly authorizations: AuthorizationStarts,
    private readonly days: DayEffects,
  ) {}

  async execute({
    context,
    applicationId,
    step,
  }: TakeApplicationStep): Promise<Outcome<ApplicationRefusal>> {
    const outcome = await this.decisions.commit(
      context,
      applicationFold(applicationId),
      async ({ state: application }) => {
        const { facts, guards } = await this.known(step, application);
        const decided = decideApplication(step, application, facts);
        return decided.ok ? { ok: true, value: { events: decided.value, guards } } : decided;
      },
      // For a scoped key an application that does not exist looks like one of another partner.
      ({ state: application }, scope) => {
        const partners = [
          application.partnerId,
          step.type === 'submit' ? step.partnerId : undefined,
        ].filter((one) => one !== undefined);
        return partners.length > 0 && partners.every((partnerId) => scope.includes(partnerId));
      },
    );
    if (outcome.kind !== 'committed') return outcome;
    const approved = outcome.events.find((event) => event.type === 'DirectBillApplicationApproved');
    // A read that waits for this answer's position must find the partner authorized.
    return approved
      ? {
          ...outcome,
          position: Math.max(outcome.position, await this.authorizations.follow(approved)),
        }
      : outcome;
  }

  private async known(
    step: ApplicationCommand,
    application: DirectBillApplication,
  ): Promise<Known> {
    if (application.partnerId !== undefined && isJudged(step, application))
      await this.days.settledFor(application.partnerId);
    const { date: today, latestDate: latestToday } = this.clock.judgementTime();
    const days = { today, latestToday, partnerIsRegistered: true };
    if (step.type === 'submit') {
      const stream = partnerFold(step.partnerId);
      const { state, revision } = await this.states.load(stream);
      const facts = {
        ...days,
        partnerIsRegistered: state.registration !== undefined,
        judge: notGathered,
      };
      return { facts, guards: [{ stream: stream.stream, revision }] };
    }
    const { partnerId } = application;
    if (partnerId === undefined || !isJudged(step, application))
      return { facts: { ...days, judge: notGathered }, guards: [] };
    const { judge, guards } = await this.judged(partnerId, today);
    return { facts: { ...days, judge }, guards };
  }

  /** Judges the partner as of today, on all events that are in the log now. */
  private async judged(
    partnerId: PartnerId,
    asOf: string,
  ): Promise<Pick<ApplicationDecisionFacts, 'judge'> & Pick<Known, 'guards'>> {
    const knownAt = await this.log.head();
    const { facts, guards } = await gatherDirectBillFacts(this, partnerId, { asOf, knownAt });
    const occasion = occasionOf(facts.partner, asOf);
    const policy = requiredPolicyOn(facts.program, asOf).proof.revision;
    const reads = guards.map(({ stream, revision }) => [stream, revision] as const);
    return {
      judge: () => ({ ...judgeDirectBill(facts, occasion), asOf, occasion, policy, reads }),
      guards,
    };
  }
}

/**
 * A partner that already bills directly applies again to renew its assessment or to have a
 * restriction lifted; the checks of an entry do not apply. A revoked partner is judged as an entry
 * again.
 */
function occasionOf(partner: Partner, date: string): DirectBillOccasion {
  const status = directBillStatusOn(partner, date);
  return status === undefined || status === 'revoked' ? 'entry' : 'yearly';
}

const notGathered = (): never => {
  throw new Error('this step has no judgement');
};
