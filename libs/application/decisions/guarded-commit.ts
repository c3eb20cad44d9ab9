import type { Append, EventLog } from '../../event-log/event-log.js';
import { type Commit, DecisionLog } from './decision-log.js';

/** For logs that check guards in the append's own transaction: what was appended stands, and (commandId, index) is the claim. */
export class GuardedCommit extends DecisionLog {
  constructor(private readonly log: EventLog) {
    super();
  }

  commit(append: Append): Promise<Commit> {
    return this.log.append(append);
  }

  async release(): Promise<void> {
    // no claim was made
  }
}
