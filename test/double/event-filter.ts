import { EPOCHS, type StoredEvent } from './transaction-log.js';
import type { WireFilter } from './wire.js';

export type EventFilter = (event: StoredEvent) => boolean;

/** What no reader of `$all` is shown, though it is counted among what was looked at. */
export const isShownInAll: EventFilter = ({ stream }) => stream !== EPOCHS;

/**
 * What a subscription to `$all` lets through, by the stream's name or the event's type, by prefixes
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
