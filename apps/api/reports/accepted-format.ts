import type { RequestContext } from '../http/context/request-context.js';
import { acceptedType } from '../http/context/negotiation.js';
import type { FormatName } from './format.js';

const formats = {
  'application/json': 'json',
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/vnd.apache.parquet': 'parquet',
} as const satisfies Readonly<Record<string, FormatName>>;

/** The format that the client likes best of those there are, JSON where it says nothing. */
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
