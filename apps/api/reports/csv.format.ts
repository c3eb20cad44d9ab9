import type { Column, ReportRow } from '../../../libs/application/reports/report.js';
import type { ReportFormat } from './format.js';

/** Without it spreadsheets take UTF-8 for their own code page, and 関所 for something else. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * RFC 4180, with the names of the columns in the first line; money takes two columns, the amount
 * and `…Currency`, unless it is always of one currency. Nothing else is in the file, so that any
 * program reads it: what it covers is in the headers of the answer, the totals in its trailers.
 */
export const csv: ReportFormat = {
  mediaType: 'text/csv',
  contentType: 'text/csv; charset=utf-8; header=present',
  extension: 'csv',
  holdsTotals: false,

  async *chunks({ opened, totals, withRows }) {
    const { columns } = opened.report;
    yield BYTE_ORDER_MARK + csvLine(columns.flatMap(namesOf));
    for await (const rows of opened.pages) {
      totals.count(rows);
      if (withRows && rows.length > 0)
        yield rows
          .map((row) => csvLine(columns.flatMap((column) => cellsOf(column, row))))
          .join('');
    }
  },
};

const namesOf = ({ name, type, currency }: Column): readonly string[] =>
  type === 'money' && currency === undefined ? [name, `${name}Currency`] : [name];

function cellsOf({ name, type, currency }: Column, row: ReportRow): readonly string[] {
  const cell = row[name] ?? null;
  if (type === 'money') {
    const [amount, its] =
      typeof cell === 'object' && cell !== null ? [cell.amount, cell.currency] : ['', ''];
    return currency === undefined ? [amount, its] : [amount];
  }
  if (cell === null) return [''];
  return [type === 'text' ? defused(String(cell)) : String(cell)];
}

/**
 * Spreadsheets run a text that begins like a formula, in the letters of East Asia too (OWASP, CSV
 * Injection): an apostrophe makes it a text, after blanks and quotes too. Where a semicolon or a
 * tab separates, as in much of Europe, quotes of this file are none, and a cell can begin within
 * ours: after such a sign, or after a line break. Numbers, dates and amounts are written here and
 * are none.
 */
export const defused = (text: string): string => text.replace(BEGINS_FORMULA, "$1'$2");
const BEGINS_FORMULA = /(^[\s"]*|[;\t|\r\n][\s"']*)([=+\-@\t\r\n＝＋－＠])/gu;

export const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`;

const quoted = (cell: string): string =>
  /[",;\t\r\n]|^\s|\s$/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
