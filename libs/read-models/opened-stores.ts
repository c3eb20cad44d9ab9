import type { EventId, StreamName } from '../domain/shared/ids.js';
import type { Position } from '../event-log/event-log.js';
import type { PositionIndex } from '../event-log/eventstoredb/position-index.js';
import type { ReadModelStore } from './store.js';

/**
 * What stands beside a log that is elsewhere, opened before it: such a log keeps its index here.
 */
export interface OpenedStores {
  readonly store: ReadModelStore;
  readonly snapshots: Snapshots;
  readonly logIndex: PositionIndex;
  readonly processCheckpoints: ProcessCheckpoints;
  /**
   * How long the projector lets small batches wait for more; left out: its own measure, which is
   * for a file.
   */
  readonly gatherMs?: number;
  /**
   * After the log, which may write to its index until then. Whoever closes read models over `store`
   * closes that and no more.
   */
  readonly close: () => Promise<void>;
}

/**
 * A stream's folded state at a revision. It is only a cache: the fold's version and the event's id
 * tell whether it is still good.
 */
export interface Snapshot {
  readonly revision: number;
  /** Of the event at that revision; a log that has another one there is another log. */
  readonly eventId: EventId;
  /** JSON. Personal data in it is sealed, as in the log. */
  readonly state: string;
}

/** A snapshot with the stream and the version of the fold that it belongs to. */
export interface StreamSnapshot {
  readonly stream: StreamName;
  readonly foldVersion: number;
  readonly snapshot: Snapshot;
}

/**
 * Folded states of long streams, so that a cold customer with 10,000 events is quick. Bounded; may
 * forget anything at any time.
 */
export abstract class Snapshots {
  /** One indexed read on a connection of its own: quick enough for a command's way. */
  abstract get(stream: StreamName, foldVersion: number): Promise<Snapshot | undefined>;
  /** Returns at once; written soon, or never. */
  abstract put(stream: StreamName, foldVersion: number, snapshot: Snapshot): void;
}

/** How far a process of the application has taken the log: everything up to this event is done. */
export interface ProcessCheckpoint {
  readonly position: Position;
  readonly eventId: EventId;
}

/**
 * Where processes (named) keep their checkpoints. Several run the same process; the furthest
 * counts, since each did all before it.
 */
export abstract class ProcessCheckpoints {
  abstract get(process: string): Promise<ProcessCheckpoint | undefined>;
  /** Forwards only: an earlier position than the one kept is left aside. */
  abstract moveTo(process: string, checkpoint: ProcessCheckpoint): Promise<void>;
  /** The log does not have the checkpoint's event: start from the beginning. */
  abstract forget(process: string): Promise<void>;
}
