import type { Append, Appended, EventLog, LoggedEvent } from '../../../event-log/event-log.js';
import type { CommandContext } from './command-context.js';
import { DecisionLog } from './decision-log.js';

const NOTHING: readonly LoggedEvent[] = [];

/**
 * Commits on a log that checks guards in the append's own transaction: an appended event is
 * confirmed, and the unique (commandId, index) makes a claim unnecessary.
 */
export class GuardedCommit extends DecisionLog<never> {
  readonly validator = undefined;

  constructor(private readonly log: EventLog) {
    super();
  }

  assertCanJudge(): void {
    // the append itself checks
  }

  /**
   * A command that always appends is not looked up first: the append conflicts with the events of
   * the key's first request, and the next attempt answers with those. Every other command is looked
   * up first, and so is one with a precondition.
   */
  isLookedUpFirst(
    { fingerprint, isStep, alwaysAppends, ifMatch, ifNoneMatch }: CommandContext,
    attempt: number,
  ): boolean {
    const isConditional = ifMatch !== undefined || ifNoneMatch !== undefined;
    return (
      attempt > 0 ||
      isStep === true ||
      (fingerprint !== undefined && (isConditional || !alwaysAppends))
    );
  }

  recorded({ commandId }: CommandContext): Promise<readonly LoggedEvent[]> {
    return this.log.eventsOfCommand(commandId);
  }

  async begin(): Promise<readonly LoggedEvent[]> {
    return NOTHING;
  }

  commit(append: Append): Promise<Appended> {
    return this.log.append(append);
  }

  async endWithoutEvent(): Promise<readonly LoggedEvent[]> {
    return NOTHING;
  }

  async abandon(): Promise<void> {
    // nothing was reserved
  }

  async voidedBy(): Promise<undefined> {
    // every event is confirmed at commit
  }
}
