import type { StoredEvent } from './transaction-log.js';
import type { WireFilter } from './wire.js';

export type EventFilter = (event: StoredEvent) => boolean;

/** What a filtered subscription lets through, by the stream's name or the event's type, by prefixes or a regular expression. */
export function eventFilter(filter: WireFilter | undefined): EventFilter {
  const match = filter?.streamName ?? filter?.eventType;
  if (!filter || !match) return () => true;
  const subject = filter.streamName ? (event: StoredEvent): string => event.stream : (event: StoredEvent): string => event.type;
  if (match.regex) {
    const regex = new RegExp(match.regex, 'u');
    return (event) => regex.test(subject(event));
  }
  const prefixes = match.prefixes ?? [];
  return (event) => prefixes.some((prefix) => subject(event).startsWith(prefix));
}
