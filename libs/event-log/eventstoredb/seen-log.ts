import type { RecordedEvent } from '@eventstore/db-client';
import { comparePositions, type AllPosition } from './position-index.js';

/** An event that this process knows to be in the log, and what it knows of it. */
export interface SeenEvent {
  /** Name on the server. */
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly at: AllPosition;
  /**
   * By the server's clock. The same command repeated after a restore has the same id, and may even
   * get the same place.
   */
  readonly createdMs?: number;
}

/**
 * What the server has where an event was seen. `missing`: its stream and the log end before it, as
 * they do for a moment on a node that no longer leads. `another` cannot be: nothing is ever taken
 * out of a log, so it went back in time.
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
 * The event furthest in the log that a process has seen, by whichever way: all that lies before it
 * was there, too.
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
   * Whether these events, a whole stretch of `$all` read backwards, leave it out or have another in
   * its place.
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
 * What this process has been handed over already. A leader that stood still and goes on believes
 * for a moment that it still leads, and answers reads and conflicts from its past: nothing is ever
 * taken out of a log, so an answer that ends before what was seen is of such a node, and is no
 * answer.
 */
export interface SeenLog {
  /** The last revision seen of a stream, by its name on the server; −1 where none is remembered. */
  revisionOf(serverName: string): number;
  /** How far `$all` has been handed over. */
  readonly allThrough: AllPosition | undefined;
  /** The event furthest in the log, by whichever way it was seen. */
  readonly furthest: FurthestEvent;
  /**
   * An answer ends before what was seen, or does not fit it: somebody should look whether the log
   * is still the same.
   */
  requestCheck(): void;
}

/** Who looks for the first time, and has seen nothing. */
export const NOTHING_SEEN: SeenLog = {
  revisionOf: () => -1,
  allThrough: undefined,
  furthest: new FurthestEvent(),
  requestCheck: () => undefined,
};
