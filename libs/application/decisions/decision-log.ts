import type { Append, Appended, LoggedEvent } from '../../event-log/event-log.js';
import type { CommandContext } from './context.js';

/**
 * Commits a decision so that no accepted order stands that the log's order forbids. Two implementations: a guarded append
 * (logs with atomic guards), and append-then-standing (logs without); one suite for both.
 */
export abstract class DecisionLog {
  /** `guards`: every foreign stream that the decision looked at. Throws what the log's append throws. */
  abstract commit(append: Append, context: Pick<CommandContext, 'commandId'>): Promise<Appended>;
  /**
   * Waits until it is known whether an order of these events stands, before anybody is answered, also a repeated request. When what
   * preceded it in the log forbids it: the event that voided it.
   */
  abstract voidedBy(events: readonly LoggedEvent[]): Promise<LoggedEvent | undefined>;
  /** The command ended without an event: a key that it claimed is free again. */
  abstract release(context: Pick<CommandContext, 'commandId'>): Promise<void>;
}
