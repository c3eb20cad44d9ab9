import { addMonthsClamped, monthOf } from '../../../libs/domain/shared/calendar.js';

/** The demonstration has three whole years before its first month. */
export const MONTHS_BEFORE = 36;

/** The month this many months later (negative: earlier). */
export const laterMonth = (month: string, months: number): string =>
  monthOf(addMonthsClamped(`${month}-01`, months));

/** The months from one to another, both included; none if the last comes first. */
export function monthsThrough(first: string, last: string): readonly string[] {
  const months: string[] = [];
  for (let month = first; month <= last; month = laterMonth(month, 1)) months.push(month);
  return months;
}

/**
 * A day of a month, counted from the demonstration's first month: -3 is three months before, 1 the
 * month after.
 */
export const dayOf = (firstMonth: string, months: number, day: number): string =>
  `${laterMonth(firstMonth, months)}-${String(day).padStart(2, '0')}`;
