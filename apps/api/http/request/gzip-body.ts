import type { RequestPayload, preParsingHookHandler } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ProblemException } from '../problems/problem.js';

/** The ratio is checked only after this many decompressed bytes. */
const FREE_BYTES = 1024 * 1024;
/**
 * Rows are usually compressed to a tenth, monotonous rows to a fiftieth. A higher ratio is an
 * attack on memory or time.
 */
const RATIO_AT_MOST = 200;

export function contentEncoding(headers: IncomingHttpHeaders): 'none' | 'gzip' | 'unknown' {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return 'none';
  // RFC 9110, 8.4.1.3: `x-gzip` is an older name of gzip.
  return encoding === 'gzip' || encoding === 'x-gzip' ? 'gzip' : 'unknown';
}

/**
 * Decompresses a gzip body while it arrives. Fails above `maxBytes`, or if the ratio is too high.
 */
export async function* gunzipped(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let taken = 0;
  let given = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of body) {
      taken += piece.length;
      yield piece;
    }
  };
  const gunzip = createGunzip();
  // The loop below gets the errors of both streams.
  pipeline(Readable.from(counted(), { objectMode: false }), gunzip, () => undefined);
  try {
    for await (const piece of gunzip as AsyncIterable<Buffer>) {
      given += piece.length;
      if (given > maxBytes || (given > FREE_BYTES && given > taken * RATIO_AT_MOST))
        throw new ProblemException('payload-too-large');
      yield piece;
    }
  } catch (error) {
    throw isOfZlib(error) ? notGzip(error) : error;
  } finally {
    gunzip.destroy();
  }
}

const isOfZlib = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('Z_');

const notGzip = (cause: unknown): ProblemException =>
  new ProblemException('malformed-request', {
    detail: {
      en: 'The body is not gzip, or it is truncated.',
      ja: '本文が gzip 形式ではないか、途中で切れています。',
    },
    errors: [{ path: '', code: 'format', expected: 'gzip' }],
    cause,
  });

/** For bodies that are read completely: the parser gets the body as an uncompressed one. */
export const expandBody =
  (maxBytes: number): preParsingHookHandler =>
  (request, _reply, payload, done) => {
    if (contentEncoding(request.headers) !== 'gzip') return done(null, payload);
    // Drops the rest of a refused body and keeps the connection. Destroying the request would close
    // it. No encoding is set
    const sent = request.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    const expanded: RequestPayload = Readable.from(gunzipped(sent, maxBytes), {
      objectMode: false,
    });
    // The parser compares this with Content-Length.
    expanded.receivedEncodedLength = Number(request.headers['content-length'] ?? 0);
    done(null, expanded);
  };
