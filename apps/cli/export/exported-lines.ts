import { canonicalJson } from '../../../libs/event-log/canonical.js';
import type { EventLog, LoggedEvent, Position } from '../../../libs/event-log/event-log.js';
import type { ExportTotals } from './export-totals.js';

/**
 * The canonical envelope of an event, with its position as a decimal string. The fields are in the
 * order of RFC 8785.
 */
const lineOf = (event: LoggedEvent): string =>
  `${canonicalJson({ ...event, position: String(event.position) })}\n`;

/** Returns the lines of a page of events at a time, and counts them in the totals. */
export async function* exportedLines(
  log: EventLog,
  range: { readonly after: Position; readonly upTo: Position },
  totals: ExportTotals,
  written: (count: number) => void,
): AsyncGenerator<string> {
  for await (const { events } of log.readAll(range)) {
    if (events.length === 0) continue;
    const text = events.map(lineOf).join('');
    totals.count(events, text);
    written(events.length);
    yield text;
  }
}
