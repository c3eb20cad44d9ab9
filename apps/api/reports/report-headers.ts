import type { ControlTotals } from '../../../libs/application/reports/control-totals.js';
import type { OpenedReport } from '../../../libs/application/reports/reports.js';
import type { RequestContext } from '../http/request/request-context.js';
import type { ReportFormat } from './format.js';

/** The headers of a report. A browser shows JSON; it downloads the other formats. */
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
 * For formats without a place for them, the row count and the control totals follow the last row as
 * trailers (RFC 9110, 6.5). A client that cannot read trailers asks for `format=json&rows=none` at
 * the same `knownAt`. HTTP/1.0 has no trailers.
 */
export function addTotalsTrailer({ reply, request }: RequestContext, totals: ControlTotals): void {
  const { httpVersionMajor, httpVersionMinor } = request.raw;
  if (request.method === 'HEAD' || (httpVersionMajor === 1 && httpVersionMinor === 0)) return;
  // A single Trailer field: if there are several, Fastify omits the comma between the names that
  // RFC 9110 requires.
  reply.trailer('report-totals', async () =>
    JSON.stringify({ rowCount: totals.rowCount, controlTotals: totals.totals }),
  );
}
