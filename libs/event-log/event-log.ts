import type { Recorded } from '../domain/shared/event.js';
import type { CommandId, EventId, StreamName } from '../domain/shared/ids.js';

/**
 * The dense index of an event in the log: the first is 0, there are no gaps. A number inside, a
 * decimal string outside. −1 stands for "before the first event" (the head of an empty log).
 */
export type Position = number;

/**
 * What is known of an event beside what happened: which command caused it, and who gave that
 * command.
 */
export interface EventMetadata {
  readonly commandId: CommandId;
  /** The event's place among those of its command. (commandId, index) is unique in the log. */
  readonly index: number;
  readonly actor: string;
  readonly correlationId: string;
  readonly causationId?: string;
  /** Of the request, when it had an Idempotency-Key. */
  readonly fingerprint?: string;
  /** When the fingerprint is an HMAC under a subject's key: the generation of that key. */
  readonly fingerprintGeneration?: number;
  readonly traceparent?: string;
}

export interface NewEvent {
  readonly id: EventId;
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
  readonly metadata: EventMetadata;
}

export interface LoggedEvent extends Recorded {
  readonly position: Position;
  readonly metadata: EventMetadata;
}

/** "This foreign stream is still where I saw it." −1: it does not exist. */
export interface Guard {
  readonly stream: StreamName;
  readonly revision: number;
}

export interface Append {
  readonly stream: StreamName;
  /**
   * The revision of the stream's last event that the decision was made on; −1: the stream must not
   * exist.
   */
  readonly expectedRevision: number;
  /** At least one. All of one command; their metadata carry commandId and index. */
  readonly events: readonly NewEvent[];
  /**
   * Checked in the same transaction; a log with `guards: 'none'` refuses an append that has any.
   */
  readonly guards?: readonly Guard[];
}

export interface Appended {
  readonly events: readonly LoggedEvent[];
  /** The same events had been appended before: these are the first ones. */
  readonly repeated: boolean;
}

/**
 * The claim of an idempotency key, for logs where a command's uniqueness is not part of its append.
 */
export interface IdempotencyClaim {
  readonly commandId: CommandId;
  readonly fingerprint?: string;
  /** When the fingerprint is an HMAC under a subject's key: the generation of that key. */
  readonly fingerprintGeneration?: number;
  /**
   * Who claims: random for each attempt, so that a claim can be told from another of the same
   * command.
   */
  readonly claimant?: string;
  readonly targetStream: StreamName;
  /**
   * The home revision that the first claimant decided on: a result, if there is one, lies behind
   * it.
   */
  readonly revision: number;
}
export interface TakenClaim {
  readonly by: IdempotencyClaim;
  /** By the clock of the process that claimed. */
  readonly claimedAt: string;
}
export type ClaimOutcome =
  { readonly outcome: 'granted' } | ({ readonly outcome: 'taken' } & TakenClaim);

export interface ReadStream {
  readonly direction?: 'forwards' | 'backwards';
  /**
   * Revision of the first event to give (inclusive). Default: the first forwards, the last
   * backwards.
   */
  readonly from?: number;
  readonly limit?: number;
  /** Nothing behind this position (inclusive): the stream as it was known there. */
  readonly upTo?: Position;
}

export interface EventFilter {
  readonly types?: readonly string[];
  /** Exact stream names. */
  readonly streams?: readonly StreamName[];
}

export interface ReadAll extends EventFilter {
  /** Events behind this position; −1 from the beginning. */
  readonly after: Position;
  /** How many events at most. */
  readonly limit?: number;
  readonly upTo?: Position;
  /**
   * Up to what this process has been told of, without asking a server for more: for who is woken by
   * commits anyway.
   */
  readonly asKnown?: boolean;
}

/**
 * A page of events in the log's order, and how far the log has been read (it moves past what the
 * filter leaves out).
 */
export interface Page {
  readonly events: readonly LoggedEvent[];
  readonly through: Position;
}

export interface Subscribe extends EventFilter {
  readonly after: Position;
  readonly signal: AbortSignal;
}

/** What can be read of a log. Reads come in pages and hold no lock between them. */
export abstract class LogReader {
  /** Every event that a command has appended, by index; empty if none. */
  abstract eventsOfCommand(commandId: CommandId): Promise<readonly LoggedEvent[]>;
  /**
   * Position of the last event, whoever appended it; −1 when empty. Of an EventLog: it has caught
   * up with that, too.
   */
  abstract head(): Promise<Position>;
  /** Revision of a stream's last event; −1 when it does not exist. */
  abstract revisionOf(stream: StreamName): Promise<number>;
  abstract readStream(
    stream: StreamName,
    options?: ReadStream,
  ): AsyncIterable<readonly LoggedEvent[]>;
  /** Up to the head at the time of the call. */
  abstract readAll(options: ReadAll): AsyncIterable<Page>;
  /**
   * Catches up, then follows live, without a gap, until the signal aborts. A page may be empty but
   * for `through`.
   */
  abstract subscribe(options: Subscribe): AsyncIterable<Page>;
  /**
   * The longest prefix whose running maximum of `recordedAt` is not later than this instant; −1 if
   * none.
   */
  abstract positionAt(instant: string): Promise<Position>;
  /** `recordedAt` of the last event; undefined when empty. */
  abstract lastRecordedAt(): Promise<string | undefined>;
  abstract close(): Promise<void>;
}

/**
 * The append-only log. Implementations: `sqlite/` (default) and `memory/`;
 * `test/contract/event-log.contract.ts` says what each of them must do. Conflicts are thrown
 * (`errors.ts`).
 */
export abstract class EventLog extends LogReader {
  abstract readonly capabilities: { readonly guards: 'atomic' | 'none' };

  /**
   * Durable when it returns. Throws WrongRevision, GuardMoved, CommandConflict, UnfitEvent,
   * LogUnavailable.
   */
  abstract append(append: Append): Promise<Appended>;
  /**
   * Granted where no claim of the command stands. `over`: also where that very claim (its
   * claimant's) is the one that stands; the new one is written behind it, so that of several who
   * take over one does, and the first claimant can no longer release.
   */
  abstract claim(claim: IdempotencyClaim, over?: IdempotencyClaim): Promise<ClaimOutcome>;
  /** The claim that stands; undefined when there is none. Claims nothing. */
  abstract claimOn(commandId: CommandId): Promise<TakenClaim | undefined>;
  /**
   * Gives a claim back if it is the one that stands and this claimant's; left out: whoever's. Else
   * it changes nothing.
   */
  abstract releaseClaim(commandId: CommandId, claimant?: string): Promise<void>;

  /**
   * Tells of every commit, in the log's order, synchronously after it is durable and before its
   * append returns; also of commits that other processes made, as soon as this one learns of them.
   * Returns the way to stop. For caches; nothing durable rides on it.
   */
  abstract onCommitted(listener: (events: readonly LoggedEvent[]) => void): () => void;
  /**
   * Looks whether another process has committed, and if so tells the listeners before it returns.
   * Cheap where the store is in this process; else a call to it, which `head()` makes as well: who
   * needs the head need not ask twice.
   */
  abstract catchUp(): Promise<void>;

  /**
   * How far the clock of a store on another machine is ahead of this process's, as far as it is
   * known; 0 for a store in this process.
   */
  clockOffsetMs(): number {
    return 0;
  }
}
