import type { Append, Appended, LoggedEvent } from '../../../event-log/event-log.js';
import type { OrderValidator } from '../../gate/order-validator.js';
import type { CommandContext } from './command-context.js';

/** The home stream and the revision that a decision was made on. */
export type DecidedOn = Pick<Append, 'stream' | 'expectedRevision'>;

/**
 * Commits a decision so that no command has two, and no accepted order stands that the log's order
 * forbids. Two implementations: a guarded append (logs with atomic guards), and claim, append,
 * standing (logs without); one suite for both.
 */
export abstract class DecisionLog {
  /** Undefined: every order stands at commit. */
  abstract readonly standing: OrderValidator | undefined;

  /** Throws where this process cannot tell whether an order stands. */
  abstract assertCanJudge(): void;
  /**
   * Whether a command is looked up before this attempt to decide it; else what it appended is found
   * when it is begun or ended.
   */
  abstract isLookedUpFirst(context: CommandContext, attempt: number): boolean;
  /** What the command has appended before; none: nothing. Throws RequestInFlight, KeyReused. */
  abstract recorded(context: CommandContext): Promise<readonly LoggedEvent[]>;

  /**
   * The decision has events: from here on the command is this process's. None: it is to be
   * appended; else what it has appended already, which is the answer. Throws RequestInFlight,
   * KeyReused.
   */
  abstract begin(context: CommandContext, on: DecidedOn): Promise<readonly LoggedEvent[]>;
  /**
   * `guards`: every foreign stream that the decision looked at. Throws what the log's append
   * throws.
   */
  abstract commit(append: Append, context: CommandContext): Promise<Appended>;
  /**
   * The decision has no event: what the command has appended elsewhere or before, which is the
   * answer then. Throws as `begin`.
   */
  abstract endWithoutEvent(context: CommandContext): Promise<readonly LoggedEvent[]>;
  /**
   * The command ends by an error: what was reserved for it is given back, if it is sure that
   * nothing of it can still be appended.
   */
  abstract abandon(context: CommandContext): Promise<void>;

  /**
   * Waits until it is known whether an order of these events stands, before anybody is answered,
   * also a repeated request. When what preceded it in the log forbids it: the event that voided it.
   * Throws OutcomeUnknown when that takes too long.
   */
  abstract voidedBy(
    events: readonly LoggedEvent[],
    withinMs?: number,
  ): Promise<LoggedEvent | undefined>;
}
