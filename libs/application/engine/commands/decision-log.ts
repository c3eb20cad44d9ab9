import type { Append, Appended, LoggedEvent, Position } from '../../../event-log/event-log.js';
import type { CommandContext } from './command-context.js';

/** The target stream of a decision, and the revision that the decision was made on. */
export type DecidedOn = Pick<Append, 'stream' | 'expectedRevision'>;

/**
 * Confirms or voids events after they were appended, on a log that does not check the guards of an
 * append itself.
 */
export interface Validator {
  /** Throws when this process can validate nothing any more. */
  assertCanJudge(): void;
  /** Whether an event is pending until this validator has confirmed or voided it. */
  validates(event: LoggedEvent): boolean;
  /**
   * The event that voided this one; undefined when it is confirmed. Waits until one of the two is
   * known. Throws OutcomeUnknown when that takes too long.
   */
  verdictOn(event: LoggedEvent, withinMs: number): Promise<LoggedEvent | undefined>;
  /**
   * Waits until everything up to the position has been validated. False: the signal was aborted, or
   * the validator stopped.
   */
  passed(position: Position, signal: AbortSignal): Promise<boolean>;
  stop(): Promise<void>;
}

/**
 * Commits decisions so that no command has two, and no event stays that the log's order forbids.
 * `GuardedCommit` does it on logs with atomic guards; `ValidatedCommit`, with a claim before the
 * append and a validation after it, on logs without. Both pass the same tests.
 */
export abstract class DecisionLog<V extends Validator = Validator> {
  /** Undefined: an event is confirmed when it is committed. */
  abstract readonly validator: V | undefined;

  /** Throws where this process cannot validate what it would append. */
  abstract assertCanJudge(): void;
  /**
   * Whether a command is looked up before this attempt to decide it. Else its earlier events are
   * found by `begin` or `endWithoutEvent`.
   */
  abstract isLookedUpFirst(context: CommandContext, attempt: number): boolean;
  /** The events that the command has appended before. Throws RequestInFlight, KeyReused. */
  abstract recorded(context: CommandContext): Promise<readonly LoggedEvent[]>;

  /**
   * The decision has events: reserves the command for this process. Returns the events that the
   * command has appended already, if it has: they are the answer then. Throws RequestInFlight,
   * KeyReused.
   */
  abstract begin(context: CommandContext, on: DecidedOn): Promise<readonly LoggedEvent[]>;
  /** Appends with the decision's guards. Throws what the log's append throws. */
  abstract commit(append: Append, context: CommandContext): Promise<Appended>;
  /**
   * The decision has no event. Returns the events that the command has appended before, if it has:
   * they are the answer then. Throws as `begin`.
   */
  abstract endWithoutEvent(context: CommandContext): Promise<readonly LoggedEvent[]>;
  /** The command ends with an error: releases what `begin` reserved, if that is safe. */
  abstract abandon(context: CommandContext): Promise<void>;

  /**
   * Waits until each of these events is confirmed or voided, before any caller is answered. Returns
   * the event that voided one of them. Throws OutcomeUnknown when that takes too long.
   */
  abstract voidedBy(
    events: readonly LoggedEvent[],
    withinMs?: number,
  ): Promise<LoggedEvent | undefined>;
}
