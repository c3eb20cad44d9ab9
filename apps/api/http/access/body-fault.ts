import type { IncomingHttpHeaders } from 'node:http';
import { contentEncoding } from '../request/gzip-body.js';
import type { ProblemDetails } from '../problems/problem.js';
import type { ProblemCode } from '../problems/problems.js';

export interface BodyFault {
  readonly code: ProblemCode;
  readonly details?: ProblemDetails;
}

/** A fault of a body that its headers show. */
export function bodyFault(
  headers: IncomingHttpHeaders,
  mediaTypes: readonly string[],
  maxBytes: number,
): BodyFault | undefined {
  const length = headers['content-length'];
  const empty =
    headers['transfer-encoding'] === undefined && (length === undefined || length === '0');
  if (empty) return undefined;
  if (length !== undefined && Number(length) > maxBytes) return { code: 'payload-too-large' };
  if (contentEncoding(headers) === 'unknown') return unknownEncoding;
  return mediaTypes.some((mediaType) => isOfType(headers['content-type'], mediaType))
    ? undefined
    : { code: 'unsupported-media-type' };
}

/** RFC 9110, 15.5.16: the answer names the accepted encodings. */
const unknownEncoding: BodyFault = {
  code: 'unsupported-media-type',
  details: {
    detail: {
      en: 'The body has a Content-Encoding other than gzip. Send it as gzip or uncompressed.',
      ja: '本文の Content-Encoding は gzip だけを受け付けます。gzip または無圧縮で送信してください。',
    },
    headers: { 'accept-encoding': 'gzip' },
  },
};

/** The media type without parameters. The only accepted charset is UTF-8. */
function isOfType(contentType: string | undefined, mediaType: string): boolean {
  if (contentType === mediaType) return true;
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  return (
    type.trim() === mediaType &&
    parameters.every(
      (parameter) => !/^\s*charset\s*=/.test(parameter) || /=\s*"?utf-?8"?\s*$/.test(parameter),
    )
  );
}
