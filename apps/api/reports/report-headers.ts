import type { ControlTotals } from '../../../libs/application/reports/control-totals.js';
import type { OpenedReport } from '../../../libs/application/reports/reports.js';
import type { RequestContext } from '../http/request/request-context.js';
import type { ReportFormat } from './format.js';

/** The headers of a report. JSON is shown in a browser; the other formats are downloaded. */
export function reportHeaders(
  { report, query }: OpenedReport,
  { extension }: ReportFormat,
): Record<string, string> {
  const { asOf, knownAt } = query;
  const file = `${report.name}-${asOf}.${extension}`;
  return {
    'log-position': String(knownAt),
    'report-schema-version': String(report.version),
    'report-as-of': asOf,
    'report-known-at': String(knownAt),
    vary: 'accept',
    ...(extension === 'json' ? {} : { 'content-disposition': `attachment; filename="${file}"` }),
  };
}

/**
 * For a format that has no place for them the row count and the control totals follow the last row
 * as a trailer (RFC 9110, 6.5); a client that cannot read those asks for `format=json&rows=none` at
 * the same `knownAt`. HTTP/1.0 has none.
 */
export function addTotalsTrailer({ reply, request }: RequestContext, totals: ControlTotals): void {
  const { httpVersionMajor, httpVersionMinor } = request.raw;
  if (request.method === 'HEAD' || (httpVersionMajor === 1 && httpVersionMinor === 0)) return;
  // One field: Fastify announces several without the comma between them that RFC 9110 asks for.
  reply.trailer('report-totals', async () =>
    JSON.stringify({ rowCount: totals.rowCount, controlTotals: totals.totals }),
  );
}
