import type { Append, Appended, EventLog, LoggedEvent } from '../../../event-log/event-log.js';
import type { CommandContext } from './command-context.js';
import { DecisionLog } from './decision-log.js';

const NOTHING: readonly LoggedEvent[] = [];

/**
 * For logs that check guards in the append's own transaction: what was appended stands, and
 * (commandId, index) is the claim.
 */
export class GuardedCommit extends DecisionLog {
  readonly standing = undefined;

  constructor(private readonly log: EventLog) {
    super();
  }

  assertCanJudge(): void {
    // the append itself judges
  }

  /**
   * A command that always appends need not ask whether its key was used: the append finds what the
   * key's first request wrote, and the next attempt answers with it. Every other command asks
   * first, and so does one with a precondition.
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
    // every order stands at commit
  }
}
