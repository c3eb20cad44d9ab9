import type { EventId, StreamName } from '../domain/shared/ids.js';

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
