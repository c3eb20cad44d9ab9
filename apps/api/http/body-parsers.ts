import type { FastifyInstance } from 'fastify';
import { isUtf8 } from 'node:buffer';
import { earlyContext } from './context/request-context.js';
import { ProblemException } from './problems/problem.js';

/**
 * Bodies as their route takes them: JSON parsed, everything else as bytes. The gate has looked at the media type before.
 * `__proto__` in JSON becomes an ordinary own property here, and every schema is closed, so it ends as an unknown field.
 */
export function registerBodyParsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    earlyContext(request).bodyBytes = body.length;
    if (body.length === 0) return done(null, undefined);
    try {
      done(null, parseJson(body));
    } catch (error) {
      done(error as Error, undefined); // parseJson throws nothing else
    }
  });
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    earlyContext(request).bodyBytes = body.length;
    done(null, body.length === 0 ? undefined : body);
  });
}

export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw notJson('The body is not UTF-8.', '本文が UTF-8 ではありません。');
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (error) {
    throw notJson('The body is not JSON.', '本文が JSON ではありません。', error);
  }
}

const notJson = (en: string, ja: string, cause?: unknown): ProblemException =>
  new ProblemException('malformed-request', {
    detail: { en, ja },
    errors: [{ path: '', code: 'format', expected: 'json' }],
    ...(cause !== undefined && { cause }),
  });
