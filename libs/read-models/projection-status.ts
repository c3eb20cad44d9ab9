import type { Position } from '../event-log/event-log.js';

/** A projection's place in the log, and whether it follows it. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  readonly position: Position;
  /** The number of events in the log after its checkpoint. */
  readonly lag: number;
  readonly state: 'live' | 'catching-up' | 'rebuilding' | 'stopped';
  /** For a stopped projection: the event and the reason. */
  readonly error?: {
    readonly position: Position;
    readonly eventId: string;
    readonly reason: string;
  };
  /** The last rebuild, or the one in progress. */
  readonly rebuild?: RebuildStatus;
}

/** The last rebuild of a projection, or the one in progress. */
export interface RebuildStatus {
  readonly position: Position;
  readonly finished: boolean;
  /**
   * Rows that are equal to those of the old tables; absent if the versions differ, so that rows are
   * not comparable.
   */
  readonly comparedRows?: number;
  /** The first row in which the old tables differed from the log. */
  readonly difference?: {
    readonly table: string;
    readonly key: string;
    readonly before: string | null;
    readonly after: string | null;
  };
  /** Why the rebuild failed; the tables in use remain. */
  readonly error?: string;
}
