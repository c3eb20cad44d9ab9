import { isDate } from '../../shared/calendar.js';
import { productOf } from '../../shared/money.js';
import { accept, refuse, type Result } from '../../shared/result.js';

/** Exponents of two digits: a longer one would be written out as millions of zeros. */
const DECIMAL = /^[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})(e[+-]?\d{1,2})?$/i;
const ISO_DATE = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?)?$/;
const US_DATE = /^(\d{1,2})\/(\d{1,2})\/(\d{4})( \d{1,2}:\d{2}(:\d{2})?( ?[AP]M)?)?$/i;
/** The programming interface's form of an absent date. */
const NO_DATE = '0001-01-01';

/** Without the apostrophe that keeps a spreadsheet from reading a cell as a number. */
export const unguarded = (cell: string): string => cell.trim().replace(/^'/, '');

/** The cells of a record in JSON. Lists and objects stay JSON, as the interface sends some anyway. */
export const cellsOfJson = (record: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value),
    ]),
  );

/** A decimal without exponent: `'0E-20` is `0`. */
export function decimalCell(cell: string): Result<string, string> {
  const text = unguarded(cell);
  if (DECIMAL.test(text))
    return accept(productOf(text.replace(/^\+/, '').replace(/\.(?=e|$)/i, '')));
  return refuse(
    text.includes(',')
      ? `${shown(cell)} has a comma: decimal commas and thousands separators are not read; export the file with the format en-US`
      : `${shown(cell)} is not a decimal`,
  );
}

/** The calendar day as it is written, without its time and offset. Undefined: no date. */
export function dateCell(cell: string): Result<string | undefined, string> {
  const text = unguarded(cell);
  if (text === '') return accept(undefined);
  const date = ISO_DATE.exec(text)?.[1] ?? usDate(text);
  if (date === undefined || !isDate(date))
    return refuse(`${shown(cell)} is not a date (2026-11-30 or 11/30/2026)`);
  return accept(date === NO_DATE ? undefined : date);
}

function usDate(text: string): string | undefined {
  const [, month = '', day = '', year] = US_DATE.exec(text) ?? [];
  return year === undefined
    ? undefined
    : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

const shown = (cell: string): string =>
  JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
