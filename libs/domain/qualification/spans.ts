import { addDays, daysBetween, firstDate, lastDate } from '../shared/calendar.js';

/** Days from the first to the last of them, both inside. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** In the calendar's order, with at least one day between any two. */
export type Spans = readonly Span[];

/**
 * The days that at least one of them covers. An absent end is open; an end before the beginning
 * covers no day.
 */
export function unionOf(stated: readonly Partial<Span>[]): Spans {
  const spans = stated
    .map(({ from = firstDate, to = lastDate }) => ({ from, to }))
    .filter(({ from, to }) => from <= to)
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  return bridged(spans, 0);
}

/** The days that both cover. */
export function intersection(some: Spans, others: Spans): Spans {
  const both = some.flatMap((span) =>
    others.map((other) => ({
      from: later(span.from, other.from),
      to: span.to < other.to ? span.to : other.to,
    })),
  );
  return unionOf(both);
}

/**
 * The same spans, with gaps of at most this many days closed. The spans must be in the calendar's
 * order.
 */
export function bridged(spans: Spans, gapDays: number): Spans {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last && daysBetween(last.to, span.from) - 1 <= gapDays)
      joined[joined.length - 1] = { from: last.from, to: later(last.to, span.to) };
    else joined.push(span);
  }
  return joined;
}

/**
 * The spans in which the entry in force (the latest `from` up to the day; of several, the last in
 * the log) is one of the wanted ones.
 */
export function spansOfLatest<Entry extends { readonly from?: string }>(
  entries: readonly Entry[],
  isAskedFor: (entry: Entry) => boolean,
): Spans {
  // the last in the log stays
  const byDay = new Map(entries.map((entry) => [entry.from ?? firstDate, entry]));
  const inOrder = [...byDay].sort(([a], [b]) => (a < b ? -1 : 1));
  return unionOf(
    inOrder.flatMap(([from, entry], index) => {
      const next = inOrder[index + 1]?.[0];
      return isAskedFor(entry)
        ? [{ from, ...(next !== undefined && { to: addDays(next, -1) }) }]
        : [];
    }),
  );
}

const later = (a: string, b: string): string => (a > b ? a : b);
