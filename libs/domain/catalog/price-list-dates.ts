import { isDate } from '../shared/calendar.js';
import { accept, refuse, type Result } from '../shared/result.js';

export type DateEnd = 'start' | 'end';

const TIME = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d+)?)?`;
/** Year, month, day: ISO 8601, and the form of spreadsheets in East Asia (`2026/11/1 0:00`). */
const ISO = new RegExp(
  String.raw`^(?<year>\d{4})(?<dash>[-/])(?<month>\d{1,2})\k<dash>(?<day>\d{1,2})(?:[T ]${TIME}(?:Z|\+00:00)?)?$`,
);
/** Month, day, year, as Partner Center and spreadsheets write them. */
const US = new RegExp(
  String.raw`^(?<month>\d{1,2})/(?<day>\d{1,2})/(?<year>\d{4})(?: ${TIME}(?<half> ?[AP]M)?)?$`,
  'i',
);

/**
 * The day of a date, or of an instant in UTC. Undefined for an open end, which Partner Center
 * writes as a start in 1753 or an end in 9999. A start in 9999 and an end in 1753 are ordinary
 * dates.
 */
export function cellDate(cell: string, end: DateEnd): Result<string | undefined, 'no-date'> {
  const parts = (ISO.exec(cell) ?? US.exec(cell))?.groups;
  if (!parts) return refuse('no-date');
  const { year = '', month = '', day = '' } = parts;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (!isDate(date) || !isTime(parts)) return refuse('no-date');
  return accept(year === (end === 'start' ? '1753' : '9999') ? undefined : date);
}

function isTime({
  hour,
  minute,
  second,
  half,
}: Readonly<Record<string, string | undefined>>): boolean {
  if (hour === undefined) return true;
  const hours = Number(hour);
  const isHour = half === undefined ? hours <= 23 : hours >= 1 && hours <= 12;
  return isHour && Number(minute) <= 59 && Number(second ?? '0') <= 59;
}
