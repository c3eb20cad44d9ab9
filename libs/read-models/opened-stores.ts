import type { EventId, StreamName } from '../domain/shared/ids.js';
import type { Position } from '../event-log/event-log.js';
import type { PositionIndex } from '../event-log/eventstoredb/position-index.js';
import type { ReadModelStore } from './store.js';

/** The stores for a log on another server, opened before the log: it keeps its index here. */
export interface OpenedStores {
  readonly store: ReadModelStore;
  readonly snapshots: Snapshots;
  readonly positionIndex: PositionIndex;
  readonly processCheckpoints: ProcessCheckpoints;
  /**
   * How long the projector waits to gather small batches; by default the time that suits a file.
   */
  readonly gatherMs?: number;
  /**
   * Call it after closing the log, which may write to its index until then. Closing read models
   * over `store` closes only `store`.
   */
  readonly close: () => Promise<void>;
}

/**
 * A stream's folded state at a revision. It is a cache: the fold's version and the event's id show
 * whether it is still valid.
 */
export interface Snapshot {
  readonly revision: number;
  /**
   * The id of the event at that revision. If the log has another event there, it is another log.
   */
  readonly eventId: EventId;
  /** JSON. Personal data in it is sealed, as in the log. */
  readonly state: string;
}

/** A snapshot, with its stream and the version of its fold. */
export interface StreamSnapshot {
  readonly stream: StreamName;
  readonly foldVersion: number;
  readonly snapshot: Snapshot;
}

/**
 * Folded states of long streams, so that a customer with 10,000 events loads quickly when it is not
 * cached. The number is bounded, and any snapshot may be deleted at any time.
 */
export abstract class Snapshots {
  /** One indexed read on a separate connection, fast enough while a command is processed. */
  abstract get(stream: StreamName, foldVersion: number): Promise<Snapshot | undefined>;
  /** Returns at once. The snapshot is written later, or not at all. */
  abstract put(stream: StreamName, foldVersion: number, snapshot: Snapshot): void;
}

/** How far a process has processed the log: everything up to this event is done. */
export interface ProcessCheckpoint {
  readonly position: Position;
  readonly eventId: EventId;
}

/**
 * Stores the checkpoints of processes, by name. Several services run the same process; the greatest
 * position counts, since each has processed everything before its own.
 */
export abstract class ProcessCheckpoints {
  abstract get(process: string): Promise<ProcessCheckpoint | undefined>;
  /** Ignores a position before the stored one. */
  abstract moveTo(process: string, checkpoint: ProcessCheckpoint): Promise<void>;
  /** For a checkpoint whose event is not in the log: the process then starts from the beginning. */
  abstract forget(process: string): Promise<void>;
}
