import type { ReportFormat } from './format.js';
import { reportHead, shownRow } from './report-view.js';

/**
 * One document: the head of the report, then `items`, then `rowCount` and `controlTotals`, which
 * are known only at the end.
 */
export const json: ReportFormat = {
  mediaType: 'application/json',
  contentType: 'application/json; charset=utf-8',
  extension: 'json',
  holdsTotals: true,

  async *chunks({ opened, totals, withRows }) {
    const { columns } = opened.report;
    yield `${JSON.stringify(reportHead(opened)).slice(0, -1)},"items":[`;
    let separator = '';
    for await (const rows of opened.pages) {
      totals.count(rows);
      if (!withRows || rows.length === 0) continue;
      yield separator + rows.map((row) => JSON.stringify(shownRow(columns, row))).join(',\n');
      separator = ',\n';
    }
    yield `],"rowCount":${totals.rowCount},"controlTotals":${JSON.stringify(totals.totals)}}`;
  },
};

/**
 * A header line, a line for each row, and a trailer line. A report without a trailer is incomplete.
 */
export const ndjson: ReportFormat = {
  mediaType: 'application/x-ndjson',
  contentType: 'application/x-ndjson; charset=utf-8',
  extension: 'ndjson',
  holdsTotals: true,

  async *chunks({ opened, totals, withRows }) {
    const { columns } = opened.report;
    yield `${JSON.stringify({ header: reportHead(opened) })}\n`;
    for await (const rows of opened.pages) {
      totals.count(rows);
      if (withRows && rows.length > 0)
        yield rows.map((row) => `${JSON.stringify(shownRow(columns, row))}\n`).join('');
    }
    yield `${JSON.stringify({ trailer: { rowCount: totals.rowCount, controlTotals: totals.totals } })}\n`;
  },
};
