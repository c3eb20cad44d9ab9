import { LogWentBack } from '../errors.js';
import type { LoggedEvent, Position } from '../event-log.js';
import type { Connection } from './connection.js';

/**
 * How far this process knows the log, and the event there: a restored log ends before it, or has
 * another event in its place.
 */
export class LastSeen {
  private event: Pick<LoggedEvent, 'position' | 'id' | 'recordedAt'> | undefined;

  constructor(connection: Connection) {
    this.event = connection.eventMark(connection.head().position);
  }

  get position(): Position {
    return this.event?.position ?? -1;
  }

  moveTo(event: LoggedEvent | undefined): void {
    this.event = event ?? this.event;
  }

  /** Throws LogWentBack. */
  assertIn(connection: Connection, path: string): void {
    const seen = this.event;
    if (!seen) return;
    const found = connection.eventMark(seen.position);
    if (!found)
      throw new LogWentBack(
        `${path} ends before position ${seen.position}, which this process has seen`,
      );
    if (found.id !== seen.id || found.recordedAt !== seen.recordedAt)
      throw new LogWentBack(
        `${path} has another event at position ${seen.position} than this process has seen`,
      );
  }
}
