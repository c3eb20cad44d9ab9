import {
  LogUnavailable,
  OutcomeUnknown,
  UnfitEvent,
  WrongRevision,
} from '../../../event-log/errors.js';
import type { Append, Appended, EventLog, LoggedEvent } from '../../../event-log/event-log.js';
import type { IdempotencyClaims } from './idempotency-claims.js';
import type { CommandContext } from './command-context.js';
import { type DecidedOn, DecisionLog, type Validator } from './decision-log.js';

/** How long a command waits for the validation, however long its append has taken. */
const VERDICT_WITHIN_MS = 15_000;

/**
 * Commits on a log without guards (EventStoreDB): claims the command, appends without guards, then
 * waits until the validator has judged the event on everything before it in the log's order. An
 * event that is not confirmed is voided before any caller is answered.
 */
export class ValidatedCommit<V extends Validator = Validator> extends DecisionLog<V> {
  constructor(
    private readonly log: EventLog,
    readonly validator: V,
    private readonly claims: IdempotencyClaims,
  ) {
    super();
  }

  assertCanJudge(): void {
    this.validator.assertCanJudge();
  }

  /** The claim finds earlier events; a command whose decision has no events looks its claim up. */
  isLookedUpFirst(): boolean {
    return false;
  }

  recorded(context: CommandContext): Promise<readonly LoggedEvent[]> {
    return this.claims.lookUp(context);
  }

  begin(context: CommandContext, on: DecidedOn): Promise<readonly LoggedEvent[]> {
    return this.claims.take(context, on);
  }

  async commit(
    { guards: _checkedByValidator, ...append }: Append,
    context: CommandContext,
  ): Promise<Appended> {
    this.claims.sent(context, append.expectedRevision);
    try {
      const appended = await this.log.append(append);
      this.claims.appended(context);
      return appended;
    } catch (error) {
      if (isKnownNotAppended(error)) this.claims.notAppended(context);
      throw error;
    }
  }

  async endWithoutEvent(context: CommandContext): Promise<readonly LoggedEvent[]> {
    const before = await this.claims.lookUp(context);
    if (before.length === 0) await this.claims.release(context);
    return before;
  }

  async abandon(context: CommandContext): Promise<void> {
    try {
      await this.claims.release(context);
    } catch {
      // The caller gets the error that ended the command; a claim that stays is taken over after
      // 30 s.
    }
  }

  async voidedBy(
    events: readonly LoggedEvent[],
    withinMs = VERDICT_WITHIN_MS,
  ): Promise<LoggedEvent | undefined> {
    for (const event of events) {
      const voided = this.validator.validates(event)
        ? await this.verdictOn(event, withinMs)
        : undefined;
      if (voided) return voided;
    }
    return undefined;
  }

  /** The event is in the log, so an unavailable log must not be reported as "nothing recorded". */
  private async verdictOn(event: LoggedEvent, withinMs: number): Promise<LoggedEvent | undefined> {
    try {
      return await this.validator.verdictOn(event, withinMs);
    } catch (error) {
      throw error instanceof LogUnavailable
        ? new OutcomeUnknown('it is not known whether the event is confirmed', { cause: error })
        : error;
    }
  }
}

const isKnownNotAppended = (error: unknown): boolean =>
  error instanceof WrongRevision || error instanceof UnfitEvent || error instanceof LogUnavailable;
