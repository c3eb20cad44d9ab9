import { EPOCHS, type StoredEvent } from './transaction-log.js';
import type { WireFilter } from './wire.js';

export type EventFilter = (event: StoredEvent) => boolean;

/** Excludes events that no reader of `$all` gets, although the server counts them as examined. */
export const isShownInAll: EventFilter = ({ stream }) => stream !== EPOCHS;

/**
 * The filter of a subscription to `$all`: by the stream's name or the event's type, with prefixes
 * or a regular expression.
 */
export function allFilter(filter: WireFilter | undefined): EventFilter {
  const match = filter?.streamName ?? filter?.eventType;
  if (!filter || !match) return isShownInAll;
  const subject = filter.streamName
    ? (event: StoredEvent): string => event.stream
    : (event: StoredEvent): string => event.type;
  if (match.regex) {
    const regex = new RegExp(match.regex, 'u');
    return (event) => isShownInAll(event) && regex.test(subject(event));
  }
  const prefixes = match.prefixes ?? [];
  return (event) =>
    isShownInAll(event) && prefixes.some((prefix) => subject(event).startsWith(prefix));
}
