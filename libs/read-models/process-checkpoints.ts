import type { EventId } from '../domain/shared/ids.js';
import type { Position } from '../event-log/event-log.js';

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
