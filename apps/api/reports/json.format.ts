import type { ReportFormat } from './format.js';
import { reportHead } from './report-head.js';
import { shownRow } from './shown-row.js';

/**
 * One document: what the report covers first, then `items`, then what is only known behind them:
 * `rowCount` and `controlTotals`.
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
