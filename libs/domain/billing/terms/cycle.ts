import { addDays, addMonthsClamped, daysBetween } from '../../shared/calendar.js';
import { isNominal, monthsOfCycle, nextTermStart, type Term } from './term.js';

/** One billing period of a term, `to` included. */
export interface Cycle {
  readonly from: string;
  readonly to: string;
  /**
   * Days of the whole cycle, from its nominal start to the next start. Only the first cycle of a
   * term with irregular dates has fewer days than these.
   */
  readonly days: number;
}

/**
 * The cycles of a term, in order. Cycle n of a nominal term starts on start + n cycles, each clamped
 * by itself, so that the anchor day returns: Jan 31, Feb 28, Mar 31. A term with irregular dates is
 * anchored on its end, as Microsoft anchors a coterminous one, and its first cycle may be short.
 */
export function cyclesOf(term: Term): readonly Cycle[] {
  const starts = isNominal(term) ? startsFromTermStart(term) : startsFromTermEnd(term);
  return starts.slice(0, -1).map((start, index) => {
    const next = starts[index + 1] ?? nextTermStart(term);
    return {
      from: start < term.from ? term.from : start,
      to: addDays(next, -1),
      days: daysBetween(start, next),
    };
  });
}

/** The cycle that a day lies in. Undefined outside the term. */
export const cycleOn = (term: Term, day: string): Cycle | undefined =>
  cyclesOf(term).find(({ from, to }) => from <= day && day <= to);

/** Days from `day` to the end of the cycle, both included. */
export const daysLeft = ({ to }: Cycle, day: string): number => daysBetween(day, to) + 1;

/** Every cycle start, and the start of the next term at the end. */
function startsFromTermStart(term: Term): readonly string[] {
  const step = monthsOfCycle(term);
  const starts = [term.from];
  for (let n = 1; (starts.at(-1) ?? '') < nextTermStart(term); n += 1)
    starts.push(addMonthsClamped(term.from, n * step));
  return starts;
}

/** The same, counted back from the end; the first start may lie before the term. */
function startsFromTermEnd(term: Term): readonly string[] {
  const step = monthsOfCycle(term);
  const end = nextTermStart(term);
  const starts = [end];
  for (let n = 1; (starts[0] ?? '') > term.from; n += 1)
    starts.unshift(addMonthsClamped(end, -n * step));
  return starts;
}
