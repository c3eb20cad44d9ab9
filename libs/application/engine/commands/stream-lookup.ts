import type { StreamName } from '../../../domain/shared/ids.js';
import type { EventLog, LoggedEvent } from '../../../event-log/event-log.js';

/** A result is nearly always near its cause, so a first read is short in a long stream too. */
const FIRST_READ_EVENTS = 16;

export interface StreamRange {
  readonly stream: StreamName;
  /** Revision before the first event. */
  readonly after: number;
  /** The revision of the last event to read; by default the stream's last. */
  readonly through?: number | undefined;
}

/** The events of a range of a stream, one by one. */
export async function* eventsIn(
  log: EventLog,
  { stream, after, through = Infinity }: StreamRange,
): AsyncGenerator<LoggedEvent, void, undefined> {
  if (through <= after) return;
  const pages = log.readStream(stream, { from: after + 1, limit: through - after });
  for await (const page of pages) yield* page;
}

export interface StreamLookup {
  /** The events found, which are next to each other in the stream; none: there are none. */
  readonly events: readonly LoggedEvent[];
  /** Revision of the last event that was read; `after` when there was none. */
  readonly through: number;
}

/**
 * Looks for an earlier outcome in the stream where it must be: the events of one append, after a
 * revision. A process that appends such an outcome has read the stream up to the revision that it
 * appends at, so of two appends the later one fails and finds the earlier.
 */
export async function eventsAfter(
  log: EventLog,
  { stream, after, through: last = Infinity }: StreamRange,
  isWanted: (event: LoggedEvent) => boolean,
): Promise<StreamLookup> {
  const events: LoggedEvent[] = [];
  let through = after;
  const near = Math.min(after + FIRST_READ_EVENTS, last);
  for (const range of [
    { stream, after, through: near },
    { stream, after: near, through: last },
  ]) {
    for await (const event of eventsIn(log, range)) {
      through = event.revision;
      if (isWanted(event)) events.push(event);
      // One append: no other event is between its events.
      else if (events.length > 0) return { events, through };
    }
    if (through < near) break;
  }
  return { events, through };
}
