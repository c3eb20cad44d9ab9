import type { LoggedEvent, Position } from '../../../event-log/event-log.js';

/**
 * Something that follows on events of the log, whoever appended them: its effects are commands
 * whose ids derive from the event, so that several processes, and the same one after a crash, come
 * to each effect once.
 */
export interface LogProcess {
  /** Its name among the processes, and its checkpoint's. */
  readonly name: string;
  /** It is given these, in the log's order, and nothing else. */
  readonly types: readonly string[];
  /**
   * Before its first event: what it has to know of the log up to this position (−1: nothing lies
   * before).
   */
  begin?(through: Position): Promise<void>;
  /** Ends when the event's effects are in the log; thrown: it is given again, a little later. */
  take(event: LoggedEvent): Promise<void>;
}
