import type { Append, Appended } from '../../event-log/event-log.js';
import type { CommandContext } from './context.js';

/** An order that was appended but must not stand: what preceded it in the log forbids it. `OrderVoided` has been appended. */
export interface Commit extends Appended {
  /** On a log without guards: the event that voided the order, when it does not stand. */
  readonly voided?: Appended['events'][number];
}

/**
 * Commits a decision so that no accepted order stands that the log's order forbids. Two implementations: a guarded append
 * (logs with atomic guards), and append-then-standing (logs without); one suite for both.
 */
export abstract class DecisionLog {
  /** `guards`: every foreign stream that the decision looked at. Throws what the log's append throws. */
  abstract commit(append: Append, context: Pick<CommandContext, 'commandId'>): Promise<Commit>;
  /** The command ended without an event: a key that it claimed is free again. */
  abstract release(context: Pick<CommandContext, 'commandId'>): Promise<void>;
}
