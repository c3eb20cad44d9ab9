import type { CommandId, EventId, StreamName } from '../../domain/shared/ids.js';
import type { Position } from '../event-log.js';

/**
 * Where an event lies in EventStoreDB's `$all`. Compared as (commit, prepare). Never leaves this
 * folder and what keeps the index.
 */
export interface AllPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/**
 * What is kept of an event so that the dense positions need not be counted again. The event itself
 * stays in EventStoreDB.
 */
export interface IndexedEvent extends AllPosition {
  readonly position: Position;
  readonly eventId: EventId;
  readonly stream: StreamName;
  readonly revision: number;
  readonly type: string;
  readonly commandId: CommandId;
  /** Place among the command's events. */
  readonly commandIndex: number;
  /** Running maximum of `recordedAt` up to and with this event, in milliseconds since the epoch. */
  readonly recordedThroughMs: number;
}

/**
 * The events of the log by dense position, kept beside the read models. Every process derives the
 * same rows from `$all`, so whoever adds them adds the same; rows are added in order, without a
 * gap, behind the row that they follow.
 */
export abstract class LogIndex {
  abstract last(): Promise<IndexedEvent | undefined>;
  /**
   * Adds rows (contiguous, ascending) behind the row at `rows[0].position - 1`, whose event must be
   * `follows` (undefined: the index is empty). Rows that are there already are left as they are.
   * `differs`: what is there is of another log, nothing was written.
   */
  abstract add(
    rows: readonly IndexedEvent[],
    follows: EventId | undefined,
  ): Promise<'added' | 'differs'>;
  abstract at(position: Position): Promise<IndexedEvent | undefined>;
  /** Rows of a stream with revisions from … through (inclusive), ascending. */
  abstract ofStream(
    stream: StreamName,
    from: number,
    through: number,
  ): Promise<readonly IndexedEvent[]>;
  /** By place in the command. */
  abstract ofCommand(commandId: CommandId): Promise<readonly IndexedEvent[]>;
  /**
   * Rows behind `after` up to `through` (inclusive) of these types and streams, ascending, at most
   * `limit`.
   */
  abstract matching(
    filter: { readonly types?: readonly string[]; readonly streams?: readonly StreamName[] },
    after: Position,
    through: Position,
    limit: number,
  ): Promise<readonly IndexedEvent[]>;
  /** The last position whose `recordedThroughMs` is not later than this; −1 if none. */
  abstract positionAt(recordedAtMs: number): Promise<Position>;
  /**
   * Forgets everything: the index was of another log, or of one that was restored since. With it
   * goes what else was derived from that log beside the index: snapshots, the checkpoints of
   * processes; and the rows of projections answer nothing until they are filled anew.
   */
  abstract clear(): Promise<void>;
}
