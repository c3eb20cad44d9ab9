import {
  emptyProgram,
  evolveProgram,
  type Program,
  requiredPolicyOn,
} from '../../domain/program/program.js';
import {
  type DirectBillStatus,
  directBillStatusOn,
  type PartnerEvent,
} from '../../domain/partner/partner.js';
import type { DirectBillReason } from '../../domain/direct-bill/direct-bill-reasons.js';
import {
  directBillReasonsOf,
  judgeDirectBill,
} from '../../domain/direct-bill/direct-bill-rules.js';
import { dueOn, type ReCheckStep } from '../../domain/direct-bill/yearly-re-check.js';
import type { Proposed } from '../../domain/shared/event.js';
import type { PartnerId, StreamName } from '../../domain/shared/ids.js';
import { partnerStream, programStream } from '../../domain/shared/streams.js';
import { type KnownEvent, upcast } from '../../event-log/catalogue/catalogue.js';
import { CommitSignal } from '../../event-log/commits.js';
import type { EventLog, LoggedEvent, Position } from '../../event-log/event-log.js';
import { processCommandId } from '../../event-log/identity.js';
import type { ReadModels } from '../../read-models/read-models.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Decisions } from '../engine/commands/decisions.js';
import { decided, type Logged } from '../engine/commands/decision.js';
import type { LogProcess } from '../engine/processes/log-process.js';
import { partnerFold } from '../records/folds.js';
import { PastView, RememberedView, type View } from '../engine/states/view.js';
import {
  AuthorizationHistories,
  authorizationTypes,
  isAuthorizationEvent,
} from './authorization-histories.js';
import { gatherDirectBillFacts } from './direct-bill-facts.js';

export const RE_CHECK_PROCESS = 'direct-bill-re-check';
const ACTOR = `process:${RE_CHECK_PROCESS}`;

const known = ['PolicyPublished', ...authorizationTypes];

interface Day {
  readonly date: string;
  readonly event: LoggedEvent;
  /**
   * The log as it was known when the day began, so that a process that handles the day later
   * reaches the same judgement.
   */
  readonly known: View;
}

/**
 * Judges direct-bill partners again on every anniversary of their authorization, and on the days
 * after a restriction that the policy sets.
 */
export class YearlyReCheck implements LogProcess {
  readonly name = RE_CHECK_PROCESS;
  readonly types = ['DayStarted', ...known];
  /** Folded from the policies in `program` only. */
  private policies: Program = emptyProgram;
  private readonly histories = new AuthorizationHistories(ACTOR);
  /** `DayEffects` waits for this signal. */
  readonly taken = new CommitSignal();
  private lastTaken = '';

  constructor(
    private readonly log: EventLog,
    private readonly readModels: ReadModels,
    private readonly decisions: Decisions,
  ) {}

  /**
   * Loads the histories up to the position. Effects of days that are already processed may come
   * after the position, so they are loaded too. The read model lists the few direct-bill partners,
   * so the whole log need not be read.
   */
  async begin(through: Position): Promise<void> {
    this.histories.forget();
    this.policies = emptyProgram;
    let taken: string | undefined;
    for await (const event of this.eventsOf(programStream)) {
      if (event.position > through) break;
      if (event.type === 'DayStarted') taken = event.data.date;
      else this.follow(event);
    }
    // The effects of days before the checkpoint are in the log already.
    if (taken !== undefined) this.hasTaken(taken);
    for await (const partnerId of this.directBillPartners()) {
      for await (const event of this.eventsOf(partnerStream(partnerId))) {
        if (event.position <= through || event.metadata.actor === ACTOR) this.follow(event);
      }
    }
  }

  /** The last day whose effects are in the log; empty if it is not known yet. */
  get takenThrough(): string {
    return this.lastTaken;
  }

  async take(event: Logged<KnownEvent>): Promise<void> {
    if (event.type !== 'DayStarted') return this.follow(event);
    const { date } = event.data;
    const day = { date, event, known: new RememberedView(new PastView(this.log, event.position)) };
    const policyOn = (on: string) => requiredPolicyOn(this.policies, on).policy;
    for (const [partnerId, history] of this.histories.all()) {
      const steps = dueOn(date, history, policyOn);
      if (steps.length > 0) await this.check(partnerId, day, steps);
    }
    this.hasTaken(date);
  }

  private async *directBillPartners(): AsyncGenerator<PartnerId> {
    const knownAt = await this.log.head();
    for (let after: Position | undefined; ;) {
      const { items, next } = await this.readModels.scanPartners('eligibility', {
        knownAt,
        after,
      });
      for (const { partnerId, directBill } of items) if (directBill.length > 0) yield partnerId;
      if (next === undefined) return;
      after = next;
    }
  }

  private async *eventsOf(stream: StreamName): AsyncGenerator<Logged<KnownEvent>> {
    for await (const page of this.log.readStream(stream)) {
      for (const event of page) if (this.types.includes(event.type)) yield upcast(event);
    }
  }

  private hasTaken(date: string): void {
    this.lastTaken = date;
    this.taken.notify();
  }

  private follow(event: Logged<KnownEvent>): void {
    if (event.type === 'PolicyPublished') this.policies = evolveProgram(this.policies, event);
    else if (isAuthorizationEvent(event)) this.histories.follow(event);
  }

  /** Judges the partner once for the day, for all steps that are due. */
  private async check(
    partnerId: PartnerId,
    day: Day,
    steps: readonly ReCheckStep[],
  ): Promise<void> {
    const { facts } = await gatherDirectBillFacts(
      { states: day.known, readModels: this.readModels },
      partnerId,
      {
        asOf: day.date,
        knownAt: day.event.position,
      },
    );
    const { eligible, checks } = judgeDirectBill(facts, 'yearly');
    if (eligible) return;
    const reasons = directBillReasonsOf(checks);
    for (const step of steps) await this.effect(partnerId, day, step, reasons);
  }

  private async effect(
    partnerId: PartnerId,
    { date, event }: Day,
    step: ReCheckStep,
    reasons: readonly DirectBillReason[],
  ): Promise<void> {
    const context: CommandContext = {
      commandId: processCommandId(RE_CHECK_PROCESS, event.id, `${step} ${partnerId}`),
      actor: ACTOR,
      causationId: event.id,
      correlationId: event.metadata.correlationId,
      isStep: true,
    };
    const outcome = await this.decisions.commit(context, partnerFold(partnerId), ({ state }) => {
      // An operator's change on this day or before must not be undone.
      const status = directBillStatusOn(state, date);
      return decided<PartnerEvent>(
        status !== undefined && mayFollow[step].includes(status)
          ? [eventOf(step, date, reasons)]
          : [],
      );
    });
    if (outcome.kind === 'committed') for (const appended of outcome.events) this.follow(appended);
  }
}

const mayFollow: Readonly<Record<ReCheckStep, readonly DirectBillStatus[]>> = {
  restrict: ['authorized'],
  suspend: ['restricted'],
  revoke: ['restricted', 'suspended'],
};

function eventOf(
  step: ReCheckStep,
  on: string,
  reasons: readonly DirectBillReason[],
): Proposed<PartnerEvent> {
  const data = { on, reason: `yearly re-check: ${reasons.join(', ')}` };
  if (step === 'restrict') return { type: 'DirectBillAuthorizationRestricted', data };
  return {
    type:
      step === 'suspend' ? 'DirectBillAuthorizationSuspended' : 'DirectBillAuthorizationRevoked',
    data,
  };
}
