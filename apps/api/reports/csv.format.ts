import type { ReportColumn, ReportRow } from '../../../libs/application/reports/report.js';
import type { ReportFormat } from './format.js';

/** Without it, spreadsheets read UTF-8 in their own code page and show 関所 wrongly. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * RFC 4180 with the column names in the first line. A money column becomes two, the amount and
 * `…Currency`, unless it always has the same currency. The file has nothing else, so that any
 * program can read it: the coverage is in the headers of the answer, the totals are in its
 * trailers.
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

const namesOf = ({ name, type, currency }: ReportColumn): readonly string[] =>
  type === 'money' && currency === undefined ? [name, `${name}Currency`] : [name];

function cellsOf({ name, type, currency }: ReportColumn, row: ReportRow): readonly string[] {
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
 * Spreadsheets run a text that begins like a formula, also with full-width signs (OWASP, CSV
 * Injection). An apostrophe before the sign makes it a text, also after spaces and quotes. In
 * programs that separate by semicolons or tabs, as in much of Europe, a cell can begin within one
 * of our cells: after such a sign or a line break. Numbers, dates and amounts are written by this
 * code and are safe.
 */
export const defused = (text: string): string => text.replace(BEGINS_FORMULA, "$1'$2");
const BEGINS_FORMULA = /(^[\s"]*|[;\t|\r\n][\s"']*)([=+\-@\t\r\n＝＋－＠])/gu;

export const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`;

const quoted = (cell: string): string =>
  /[",;\t\r\n]|^\s|\s$/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
