import type { ControlTotals } from '../../../libs/application/reports/control-totals.js';
import type { OpenedReport } from '../../../libs/application/reports/reports.js';
import type { RequestContext } from '../http/request/request-context.js';
import { acceptedType } from '../http/response/negotiation.js';
import { csv } from './csv.format.js';
import { json, ndjson } from './json.formats.js';

export interface Written {
  readonly opened: OpenedReport;
  /** Counts the rows while they are written; complete after the last chunk. */
  readonly totals: ControlTotals;
  /**
   * If false, the rows are counted but not written, for the totals of a large report in a short
   * answer.
   */
  readonly withRows: boolean;
}

/** Writes a report as bytes while its pages arrive. Memory has only a few pages at a time. */
export interface ReportFormat {
  readonly mediaType: string;
  /** The media type for `content-type`, and the extension of a file name. */
  readonly contentType: string;
  readonly extension: string;
  /** Whether the format includes its totals; otherwise they are sent as trailers. */
  readonly holdsTotals: boolean;
  chunks(written: Written): AsyncGenerator<string | Uint8Array>;
}

export const formatNames = ['json', 'csv', 'ndjson', 'parquet'] as const;
export type ReportFormatName = (typeof formatNames)[number];

/** The writer of Parquet is loaded on first use. */
export async function formatOf(name: ReportFormatName): Promise<ReportFormat> {
  if (name === 'parquet') return (await import('./parquet.format.js')).parquet;
  return { json, csv, ndjson }[name];
}

const formats = {
  'application/json': 'json',
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/vnd.apache.parquet': 'parquet',
} as const satisfies Readonly<Record<string, ReportFormatName>>;

/** The format that the client prefers; JSON without a preference. */
export const acceptedFormat = (
  context: Pick<RequestContext, 'request' | 'reply'>,
): ReportFormatName =>
  formats[
    acceptedType(context, [
      'application/json',
      'text/csv',
      'application/x-ndjson',
      'application/ndjson',
      'application/vnd.apache.parquet',
    ])
  ];
