import type { StreamName } from '../../../domain/shared/ids.js';
import type { EventLog, LoggedEvent } from '../../../event-log/event-log.js';

/** A result is nearly always near its cause, so a first read is short in a long stream too. */
const FIRST_READ_EVENTS = 16;

export interface StreamLookup {
  /** The events found, which are next to each other in the stream; none: there are none. */
  readonly events: readonly LoggedEvent[];
  /** Revision of the last event that was read; `after` when there was none. */
  readonly through: number;
}

/**
 * Looks for the outcome of something in the stream where it must be: the events after a revision
 * that belong to it. Everybody who appends such an outcome has looked through the stream up to the
 * revision that it appends at, so of two appends the later one fails and finds the earlier.
 */
export async function eventsAfter(
  log: EventLog,
  { stream, after }: { readonly stream: StreamName; readonly after: number },
  isWanted: (event: LoggedEvent) => boolean,
): Promise<StreamLookup> {
  const events: LoggedEvent[] = [];
  let through = after;
  const near = after + FIRST_READ_EVENTS;
  for (const range of [{ from: after + 1, limit: FIRST_READ_EVENTS }, { from: near + 1 }]) {
    for await (const page of log.readStream(stream, range)) {
      for (const event of page) {
        through = event.revision;
        if (isWanted(event)) events.push(event);
        // One append: no other event is between its events.
        else if (events.length > 0) return { events, through };
      }
    }
    if (through < near) break;
  }
  return { events, through };
}
