import type { Recorded } from '../domain/shared/event.js';
import type { CommandId, EventId, StreamName } from '../domain/shared/ids.js';

/**
 * The dense index of an event in the log: the first is 0, there are no gaps. A number inside, a
 * decimal string outside. −1 means before the first event (the head of an empty log).
 */
export type Position = number;

/** The context of an event: the command that caused it, and the actor that gave the command. */
export interface EventMetadata {
  readonly commandId: CommandId;
  /** The event's index among those of its command. (commandId, index) is unique in the log. */
  readonly index: number;
  readonly actor: string;
  readonly correlationId: string;
  readonly causationId?: string;
  /** The fingerprint of the request; present if it had an Idempotency-Key. */
  readonly fingerprint?: string;
  /** The generation of the subject's key, if the fingerprint is an HMAC under that key. */
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

/**
 * A condition of an append: this other stream must still be at this revision (−1: it must not
 * exist).
 */
export interface Guard {
  readonly stream: StreamName;
  readonly revision: number;
}

export interface Append {
  readonly stream: StreamName;
  /** The revision of the stream that the decision was made on; −1: the stream must not exist. */
  readonly expectedRevision: number;
  /** At least one event. All are of one command; their metadata has commandId and index. */
  readonly events: readonly NewEvent[];
  /**
   * Checked in the same transaction; a log with `guards: 'none'` refuses an append that has any.
   */
  readonly guards?: readonly Guard[];
}

export interface Appended {
  readonly events: readonly LoggedEvent[];
  /** The same events were appended before; `events` are those. */
  readonly repeated: boolean;
}

/**
 * The claim of an idempotency key, for logs where an append does not check that its command is
 * unique.
 */
export interface IdempotencyClaim {
  readonly commandId: CommandId;
  readonly fingerprint?: string;
  /** When the fingerprint is an HMAC under a subject's key: the generation of that key. */
  readonly fingerprintGeneration?: number;
  /** The claimant: random for each attempt, to distinguish claims of the same command. */
  readonly claimant?: string;
  readonly targetStream: StreamName;
  /**
   * The revision of the target stream that the first claimant decided on: its result, if any, comes
   * after it.
   */
  readonly revision: number;
}
export interface TakenClaim {
  readonly by: IdempotencyClaim;
  /** When it was claimed, by the claimant's clock. */
  readonly claimedAt: string;
}
export type ClaimOutcome =
  { readonly outcome: 'granted' } | ({ readonly outcome: 'taken' } & TakenClaim);

export interface ReadStream {
  readonly direction?: 'forwards' | 'backwards';
  /**
   * Revision of the first event to read (inclusive). Default: the first forwards, the last
   * backwards.
   */
  readonly from?: number;
  readonly limit?: number;
  /** Only events up to this position (inclusive): the stream as it was then. */
  readonly upTo?: Position;
}

export interface EventFilter {
  readonly types?: readonly string[];
  /** Exact stream names. */
  readonly streams?: readonly StreamName[];
}

export interface ReadAll extends EventFilter {
  /** Events after this position; −1 from the beginning. */
  readonly after: Position;
  /** At most this many events. */
  readonly limit?: number;
  readonly upTo?: Position;
  /**
   * Up to the events that this process already has, without asking a server for more: for readers
   * that commits wake anyway.
   */
  readonly asKnown?: boolean;
}

/**
 * A page of events in the log's order, and how far the log has been read (`through` moves past
 * events that the filter leaves out).
 */
export interface Page {
  readonly events: readonly LoggedEvent[];
  readonly through: Position;
}

export interface Subscribe extends EventFilter {
  readonly after: Position;
  readonly signal: AbortSignal;
}

/** The read side of a log. Reads return pages and hold no lock between them. */
export abstract class LogReader {
  /** All events that a command has appended, by index; empty if none. */
  abstract eventsOfCommand(commandId: CommandId): Promise<readonly LoggedEvent[]>;
  /**
   * Position of the last event of any process; −1 when empty. An EventLog has also caught up to it.
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
   * Catches up, then follows live, without a gap, until the signal aborts. A page can have no
   * events, only `through`.
   */
  abstract subscribe(options: Subscribe): AsyncIterable<Page>;
  /**
   * The last position up to which no `recordedAt` is later than this instant; −1 if there is none.
   */
  abstract positionAt(instant: string): Promise<Position>;
  /** `recordedAt` of the last event; undefined when empty. */
  abstract lastRecordedAt(): Promise<string | undefined>;
  abstract close(): Promise<void>;
}

/**
 * The append-only log. Implementations: `sqlite/` (default), `eventstoredb/` and `memory/`;
 * `test/contract/event-log.contract.ts` defines their behaviour. Conflicts are thrown
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
   * Granted if the command has no current claim. `over`: also if that very claim (of its claimant)
   * is the current one. The new claim is written after it, so that of several takeovers one
   * succeeds, and the first claimant can no longer release.
   */
  abstract claim(claim: IdempotencyClaim, over?: IdempotencyClaim): Promise<ClaimOutcome>;
  /** The current claim; undefined when there is none. Changes nothing. */
  abstract claimOn(commandId: CommandId): Promise<TakenClaim | undefined>;
  /**
   * Releases the current claim if it is this claimant's (without `claimant`: any). Else changes
   * nothing.
   */
  abstract releaseClaim(commandId: CommandId, claimant?: string): Promise<void>;

  /**
   * Calls the listener for every commit, in the log's order, synchronously after it is durable and
   * before its append returns; also for commits of other processes, as soon as this process learns
   * of them. Returns a function that removes the listener. For caches: nothing durable may depend
   * on it.
   */
  abstract onCommitted(listener: (events: readonly LoggedEvent[]) => void): () => void;
  /**
   * Checks whether another process has committed, and if so calls the listeners before it returns.
   * Cheap if the store is in this process; else a call to a server, which `head()` makes as well.
   */
  abstract catchUp(): Promise<void>;

  /**
   * How far the clock of a store on another machine is ahead of this process's, if known; 0 for a
   * store in this process.
   */
  clockOffsetMs(): number {
    return 0;
  }
}
