import type { ControlTotals } from '../../../libs/application/reports/control-totals.js';
import type { OpenedReport } from '../../../libs/application/reports/reports.js';
import type { RequestContext } from '../http/request/request-context.js';
import { acceptedType } from '../http/response/negotiation.js';
import { csv } from './csv.format.js';
import { json, ndjson } from './json.formats.js';

export interface Written {
  readonly opened: OpenedReport;
  /** Counts the rows as they are written; whole when the last chunk has been given. */
  readonly totals: ControlTotals;
  /**
   * False: the rows are counted and not written; the totals of a report of any size in a short
   * answer.
   */
  readonly withRows: boolean;
}

/** A report as bytes, written as its pages come: never more of it in memory than a few pages. */
export interface ReportFormat {
  readonly mediaType: string;
  /** As `content-type` names it, and as a file's name ends. */
  readonly contentType: string;
  readonly extension: string;
  /** Whether the answer holds its totals itself; else they are in trailers. */
  readonly holdsTotals: boolean;
  chunks(written: Written): AsyncGenerator<string | Uint8Array>;
}

export const formatNames = ['json', 'csv', 'ndjson', 'parquet'] as const;
export type FormatName = (typeof formatNames)[number];

/** The writer of Parquet is loaded where one is asked for. */
export async function formatOf(name: FormatName): Promise<ReportFormat> {
  if (name === 'parquet') return (await import('./parquet.format.js')).parquet;
  return { json, csv, ndjson }[name];
}

const formats = {
  'application/json': 'json',
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/vnd.apache.parquet': 'parquet',
} as const satisfies Readonly<Record<string, FormatName>>;

/** The client's preferred format, JSON without a preference. */
export const acceptedFormat = (context: Pick<RequestContext, 'request' | 'reply'>): FormatName =>
  formats[
    acceptedType(context, [
      'application/json',
      'text/csv',
      'application/x-ndjson',
      'application/ndjson',
      'application/vnd.apache.parquet',
    ])
  ];
