import {
  emptyProgram,
  evolveProgram,
  type Program,
  type ProgramEvent,
  requiredPolicyOn,
} from '../../domain/program/program.js';
import {
  type DirectBillStatus,
  directBillStatusOn,
  type PartnerEvent,
} from '../../domain/partner/partner.js';
import type { DirectBillReason } from '../../domain/qualification/direct-bill-reasons.js';
import {
  directBillReasonsOf,
  judgeDirectBill,
} from '../../domain/qualification/direct-bill-rules.js';
import { dueOn, type ReCheckStep } from '../../domain/qualification/yearly-re-check.js';
import type { Proposed } from '../../domain/shared/event.js';
import type { PartnerId, StreamName } from '../../domain/shared/ids.js';
import { partnerStream, programStream } from '../../domain/shared/streams.js';
import { upcast } from '../../event-log/catalogue/catalogue.js';
import { CommitSignal } from '../../event-log/commits.js';
import type { EventLog, LoggedEvent, Position } from '../../event-log/event-log.js';
import { processCommandId } from '../../event-log/identity.js';
import type { ReadModels } from '../../read-models/read-models.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Decisions } from '../engine/commands/decisions.js';
import { decided } from '../engine/commands/decision.js';
import type { LogProcess } from '../engine/processes/log-process.js';
import { partnerFold } from '../records/folds.js';
import { PastView, RememberedView, type View } from '../engine/states/view.js';
import { AuthorizationHistories, authorizationTypes } from './authorization-histories.js';
import { gatherDirectBillFacts } from './direct-bill-facts.js';

export const RE_CHECK_PROCESS = 'direct-bill-re-check';
const ACTOR = `process:${RE_CHECK_PROCESS}`;

const known = ['PolicyPublished', ...authorizationTypes];

interface Day {
  readonly date: string;
  readonly event: LoggedEvent;
  /** The log as it was known when the day began: who takes the day later judges the same. */
  readonly known: View;
}

/**
 * Folds the days: on every anniversary of an authorization, and as long after a restriction as the
 * policy says, the rules are asked again.
 */
export class YearlyReCheck implements LogProcess {
  readonly name = RE_CHECK_PROCESS;
  readonly types = ['DayStarted', ...known];
  /** Of `program`, no more than its policies. */
  private policies: Program = emptyProgram;
  private readonly histories = new AuthorizationHistories(ACTOR);
  /** What waits for the effects of a day (`DayEffects`). */
  readonly taken = new CommitSignal();
  private lastTaken = '';

  constructor(
    private readonly log: EventLog,
    private readonly readModels: ReadModels,
    private readonly decisions: Decisions,
  ) {}

  /**
   * Later events come in their order, except the effects of the days that have been taken: those
   * may come after them. Few partners bill directly: the read model knows which, so that the
   * log need not be read through.
   */
  async begin(through: Position): Promise<void> {
    this.histories.forget();
    this.policies = emptyProgram;
    let taken: string | undefined;
    for await (const event of this.eventsOf(programStream)) {
      if (event.position > through) break;
      if (event.type === 'DayStarted') taken = dateOf(event);
      else this.follow(event);
    }
    // An earlier run of the process has brought the effects of these days into the log.
    if (taken !== undefined) this.hasTaken(taken);
    for await (const partnerId of this.directBillPartners()) {
      for await (const event of this.eventsOf(partnerStream(partnerId))) {
        if (event.position <= through || event.metadata.actor === ACTOR) this.follow(event);
      }
    }
  }

  /** The last day whose effects are in the log; empty: not known yet. */
  get takenThrough(): string {
    return this.lastTaken;
  }

  async take(event: LoggedEvent): Promise<void> {
    if (event.type !== 'DayStarted') return this.follow(event);
    const date = dateOf(event);
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

  private async *eventsOf(stream: StreamName): AsyncGenerator<LoggedEvent> {
    for await (const page of this.log.readStream(stream)) {
      for (const event of page) if (this.types.includes(event.type)) yield upcast(event);
    }
  }

  private hasTaken(date: string): void {
    this.lastTaken = date;
    this.taken.notify();
  }

  private follow(event: LoggedEvent): void {
    // The catalogue's form of an event of `program`.
    if (event.type === 'PolicyPublished')
      this.policies = evolveProgram(this.policies, event as unknown as ProgramEvent);
    else this.histories.follow(event);
  }

  /** One judgement a partner and day, whatever it leads to. */
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
      // What an operator has done in the meantime on this day or before is not undone.
      const status = directBillStatusOn(state, date);
      return decided<PartnerEvent>(
        status !== undefined && mayFollow[step].includes(status)
          ? [eventOf(step, date, reasons)]
          : [],
      );
    });
    if (outcome.kind === 'committed')
      for (const appended of outcome.events) this.histories.follow(appended);
  }
}

// the catalogue's form of DayStarted
const dateOf = ({ data }: LoggedEvent): string => (data as { readonly date: string }).date;

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
