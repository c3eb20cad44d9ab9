import type { RecordedEvent } from '@eventstore/db-client';
import { comparePositions, type AllPosition } from './position-index.js';

/** An event that this process has seen in the log. */
export interface SeenEvent {
  /** Name on the server. */
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly at: AllPosition;
  /**
   * By the server's clock. The same command repeated after a restore has the same id and may even
   * get the same place.
   */
  readonly createdMs?: number;
}

/**
 * What the server has at the place of a seen event. `missing`: its stream and the log end before
 * it, as they do for a moment on a former leader. `another`: events are never removed, so the log
 * went back in time.
 */
export type SeenEventCheck = 'same' | 'another' | 'missing';

export const seenEventOf = ({
  streamId,
  revision,
  id,
  position,
  created,
}: RecordedEvent): SeenEvent | undefined =>
  position && {
    stream: streamId,
    revision: Number(revision),
    id,
    at: position,
    createdMs: created.getTime(),
  };

export function isSameEvent(seen: SeenEvent, found: SeenEvent): boolean {
  return (
    found.id === seen.id &&
    found.stream === seen.stream &&
    found.revision === seen.revision &&
    comparePositions(found.at, seen.at) === 0 &&
    (seen.createdMs === undefined ||
      found.createdMs === undefined ||
      found.createdMs === seen.createdMs)
  );
}

/**
 * The last event of the log that this process has seen, in an answer or by the subscription: all
 * events before it were there as well.
 */
export class FurthestEvent {
  private event: SeenEvent | undefined;

  get current(): SeenEvent | undefined {
    return this.event;
  }

  see(event: SeenEvent | undefined): void {
    if (event && (!this.event || comparePositions(event.at, this.event.at) >= 0))
      this.event = event;
  }

  /**
   * Whether these events, a contiguous part of `$all` read backwards, lack the furthest event or
   * have another in its place.
   */
  isLeftOutOf(stretch: readonly RecordedEvent[]): boolean {
    const [last, first] = [stretch[0]?.position, stretch.at(-1)?.position];
    const seen = this.event;
    if (
      !seen ||
      !last ||
      !first ||
      comparePositions(last, seen.at) < 0 ||
      comparePositions(first, seen.at) > 0
    )
      return false;
    return !stretch.some((event) => {
      const found = seenEventOf(event);
      return found !== undefined && isSameEvent(seen, found);
    });
  }
}

/**
 * What this process has seen of the log. A former leader that was paused believes for a moment that
 * it still leads, and answers reads and conflicts from its past. Events are never removed from a
 * log, so an answer that ends before what was seen comes from such a node and does not count.
 */
export interface SeenLog {
  /** The last revision seen of a stream, by its name on the server; −1 if none is remembered. */
  revisionOf(serverName: string): number;
  /** The position in `$all` that the subscription has reached. */
  readonly allThrough: AllPosition | undefined;
  /** The last event of the log that was seen, in an answer or by the subscription. */
  readonly furthest: FurthestEvent;
  /**
   * An answer ends before what was seen or contradicts it: requests a check that the log is still
   * the same.
   */
  requestCheck(): void;
}

/** The state of a process that has not seen any event yet. */
export const NOTHING_SEEN: SeenLog = {
  revisionOf: () => -1,
  allThrough: undefined,
  furthest: new FurthestEvent(),
  requestCheck: () => undefined,
};
