import type { Policy } from '../program/policy.js';
import { addDays, addMonthsClamped, firstDate, monthOf } from '../shared/calendar.js';

/** The days of `(after, through]`. */
export interface DaySpan {
  readonly after: string;
  readonly through: string;
}

export type WindowPolicy = Pick<Policy, 'revenueWindow'>;

/**
 * The days whose amounts must be known separately for an answer as of a date; days outside may be
 * one sum on either side. It includes the date itself for both windows: the days of its own month
 * enter the calendar window with the next month.
 */
export const revenueWindow = (asOf: string, policy: WindowPolicy): DaySpan => ({
  ...countedWindow(asOf, policy),
  through: asOf,
});

/**
 * The days that count as of a date: (D − 12 months, D], or the twelve whole months before D's
 * month.
 */
export const countedWindow = (asOf: string, { revenueWindow: kind }: WindowPolicy): DaySpan => ({
  after: bound[kind](asOf, 12),
  through: bound[kind](asOf, 0),
});

/**
 * The window in twelve parts, the earliest first, each clamped from the date itself: (D − k−1
 * months, D − k months], k = 11 … 0.
 */
export function windowMonths(
  asOf: string,
  { revenueWindow: kind }: WindowPolicy,
): readonly DaySpan[] {
  return Array.from({ length: 12 }, (_, index) => ({
    after: bound[kind](asOf, 12 - index),
    through: bound[kind](asOf, 11 - index),
  }));
}

/** The days after a date on which the window loses or gains one of these days, in order. */
export function changesOfWindow(
  asOf: string,
  days: readonly string[],
  { revenueWindow: kind }: WindowPolicy,
): readonly string[] {
  const changes = kind === 'rolling-12-months' ? days.map(dayOfLeaving) : monthStartsAfter(asOf);
  return changes.filter((date) => date > asOf);
}

export const liesIn = (day: string, { after, through }: DaySpan): boolean =>
  day > after && day <= through;

const BEFORE_THE_CALENDAR = addDays(firstDate, -1);

/** The last day of the window that ends this many months before the window of a date. */
const bound: Readonly<Record<Policy['revenueWindow'], (asOf: string, months: number) => string>> = {
  'rolling-12-months': (asOf, months) =>
    hasMonthsBefore(asOf, months) ? addMonthsClamped(asOf, -months) : BEFORE_THE_CALENDAR,
  'calendar-months': (asOf, months) =>
    hasMonthsBefore(asOf, months)
      ? addDays(addMonthsClamped(firstOfMonth(asOf), -months), -1)
      : BEFORE_THE_CALENDAR,
};

/**
 * Whether the calendar, which begins with the year 1, has this many months before the date's own.
 */
const hasMonthsBefore = (date: string, months: number): boolean =>
  Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 13 >= months;

/**
 * The first day whose rolling window no longer includes this one: a year later, or 1 March for a 29
 * February.
 */
function dayOfLeaving(day: string): string {
  const yearLater = addMonthsClamped(day, 12);
  return addMonthsClamped(yearLater, -12) < day ? addDays(yearLater, 1) : yearLater;
}

/** Thirteen: with the last one all sales up to the date have left. */
const monthStartsAfter = (date: string): readonly string[] =>
  Array.from({ length: 13 }, (_, index) => addMonthsClamped(firstOfMonth(date), index + 1));

const firstOfMonth = (date: string): string => `${monthOf(date)}-01`;
