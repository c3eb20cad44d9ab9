import type { Append, Appended, EventLog } from '../../event-log/event-log.js';
import { DecisionLog } from './decision-log.js';

/** For logs that check guards in the append's own transaction: what was appended stands, and (commandId, index) is the claim. */
export class GuardedCommit extends DecisionLog {
  constructor(private readonly log: EventLog) {
    super();
  }

  commit(append: Append): Promise<Appended> {
    return this.log.append(append);
  }

  async voidedBy(): Promise<undefined> {
    // every order stands at commit
  }

  async release(): Promise<void> {
    // no claim was made
  }
}
