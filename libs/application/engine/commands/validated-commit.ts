import {
  LogUnavailable,
  OutcomeUnknown,
  UnfitEvent,
  WrongRevision,
} from '../../../event-log/errors.js';
import type { Append, Appended, EventLog, LoggedEvent } from '../../../event-log/event-log.js';
import type { OrderValidator } from '../../gate/order-validator.js';
import type { IdempotencyClaims } from './idempotency-claims.js';
import type { CommandContext } from './command-context.js';
import { type DecidedOn, DecisionLog } from './decision-log.js';

/** A verdict is waited for so long at least, however long the append has taken. */
const VERDICT_WITHIN_MS = 15_000;

/**
 * For logs without guards (EventStoreDB): claim the command, append without guards, then wait until
 * the standing process has judged the order by what precedes it in the log's order. An order that
 * does not stand is voided before anybody is answered.
 */
export class ValidatedCommit extends DecisionLog {
  constructor(
    private readonly log: EventLog,
    readonly standing: OrderValidator,
    private readonly claims: IdempotencyClaims,
  ) {
    super();
  }

  assertCanJudge(): void {
    this.standing.assertCanJudge();
  }

  /**
   * The claim finds what was appended before; a command whose decision has no events looks its
   * claim up.
   */
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
    { guards: _checkedByStanding, ...append }: Append,
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
      // The error that ends the command is the one to be told; a claim that stays is taken over
      // after 30 s.
    }
  }

  async voidedBy(
    events: readonly LoggedEvent[],
    withinMs = VERDICT_WITHIN_MS,
  ): Promise<LoggedEvent | undefined> {
    for (const event of events) {
      const voided =
        event.type === 'OrderPlaced' ? await this.verdictOn(event, withinMs) : undefined;
      if (voided) return voided;
    }
    return undefined;
  }

  /**
   * The order is in the log: a log that does not answer now does not mean that nothing was
   * recorded.
   */
  private async verdictOn(order: LoggedEvent, withinMs: number): Promise<LoggedEvent | undefined> {
    try {
      return await this.standing.verdictOn(order, withinMs);
    } catch (error) {
      throw error instanceof LogUnavailable
        ? new OutcomeUnknown('it is not known whether the order stands', { cause: error })
        : error;
    }
  }
}

const isKnownNotAppended = (error: unknown): boolean =>
  error instanceof WrongRevision || error instanceof UnfitEvent || error instanceof LogUnavailable;
