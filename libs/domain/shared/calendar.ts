/**
 * Calendar dates (`YYYY-MM-DD`), months (`YYYY-MM`) and instants as ISO text, years 0001 to 9999.
 * Dates of four-digit years compare as text, so `<` and `<=` on them are calendar comparisons.
 * `Date` serves as arithmetic only: no clock is read here.
 */
const DAY_MS = 86_400_000;
/** UTC+14 (Kiritimati), where a day begins first. */
const LATEST_OFFSET_MS = 14 * 3_600_000;

/** The moment of a judgement, with its dates. A client cannot choose it. */
export interface JudgementTime {
  /** RFC 3339 in UTC, three decimals. */
  readonly instant: string;
  /** The order's date: the UTC date of `instant`, or `asOf` in an eligibility check. */
  readonly date: string;
  /**
   * The latest date on earth (UTC+14) at `instant`, or `asOf`. The customer's own dates are
   * compared with it.
   */
  readonly latestDate: string;
}

export const firstDate = '0001-01-01';
export const lastDate = '9999-12-31';

/** Whole days from one date to another; negative when `to` comes first. */
export const daysBetween = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** The date this many days later (negative: earlier). It never passes the calendar's last day. */
export const addDays = (date: string, days: number): string =>
  dateAt(Date.parse(date) + days * DAY_MS);

/**
 * The same day this many months later, or the last day of that month if it has no such day
 * (2024-02-29 − 12 months = 2023-02-28).
 */
export function addMonthsClamped(date: string, months: number): string {
  const { year, month, day } = partsOf(date);
  const target = year * 12 + (month - 1) + months;
  const targetYear = Math.floor(target / 12);
  if (targetYear > 9999) return lastDate;
  if (targetYear < 1) return firstDate;
  const targetMonth = target - targetYear * 12 + 1;
  return text(targetYear, targetMonth, Math.min(day, daysInMonth(targetYear, targetMonth)));
}

export const monthOf = (date: string): string => date.slice(0, 7);

/** The UTC date of an instant. */
export const utcDate = (instant: string): string => dateAt(Date.parse(instant));

/** The latest date on earth at an instant: no later date is today anywhere. */
export const latestDateOnEarth = (instant: string): string =>
  dateAt(Date.parse(instant) + LATEST_OFFSET_MS);

/**
 * An instant in the form of the log: UTC, three decimals. Undefined if the text is not an RFC 3339
 * instant in UTC.
 */
export function canonicalInstant(instant: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?Z$/.exec(instant);
  if (!match?.[1] || !isDate(match[1])) return undefined;
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

export function isDate(date: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return false;
  const { year, month, day } = partsOf(date);
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

export const isMonth = (month: string): boolean =>
  /^\d{4}-\d{2}$/.test(month) && isDate(`${month}-01`);

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const partsOf = (date: string) => ({
  year: Number(date.slice(0, 4)),
  month: Number(date.slice(5, 7)),
  day: Number(date.slice(8, 10)),
});

const text = (year: number, month: number, day: number): string =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

const EARLIEST_MS = Date.parse('0000-01-01');
const LATEST_MS = Date.parse(lastDate);

// A request cannot name a date in the year 0000. But the day before 0001-01-01 is in that year, and
// the end of a fact may have to be that day.
const dateAt = (ms: number): string =>
  new Date(Math.min(Math.max(ms, EARLIEST_MS), LATEST_MS + DAY_MS - 1)).toISOString().slice(0, 10);
