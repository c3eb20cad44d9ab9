import type { FastifyInstance } from 'fastify';
import { type JsonFault, readJson } from '../../../../libs/platform/json/read-json.js';
import { earlyContext } from './request-context.js';
import { ProblemException } from '../problems/problem.js';
import type { FieldProblem } from '../validation/field-problem.js';

/**
 * Parses bodies: JSON as a value, any other type as bytes. The authorization hook has checked the
 * media type. `__proto__` in JSON becomes an ordinary property, and every schema is closed, so it
 * is reported as an unknown field.
 */
export function registerBodyParsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request, body: Buffer, done) => {
      earlyContext(request).bodyBytes = body.length;
      if (body.length === 0) return done(null, undefined);
      try {
        done(null, parseJson(body));
      } catch (error) {
        done(error as Error, undefined); // parseJson throws no other error
      }
    },
  );
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    earlyContext(request).bodyBytes = body.length;
    done(null, body.length === 0 ? undefined : body);
  });
}

export function parseJson(body: Buffer): unknown {
  const read = readJson(body);
  if ('value' in read) return read.value;
  throw problemOf(read.fault);
}

function problemOf(fault: JsonFault): ProblemException {
  switch (fault.kind) {
    case 'encoding':
      return notTaken('The body is not UTF-8.', '本文が UTF-8 ではありません。', {
        path: '',
        code: 'format',
        expected: 'json',
      });
    case 'syntax': {
      const problem = { path: '', code: 'format', expected: 'json' } as const;
      return notTaken(
        'The body is not JSON.',
        '本文が JSON ではありません。',
        problem,
        fault.cause,
      );
    }
    case 'depth': {
      const problem = { path: '', code: 'format', expected: 'depth' } as const;
      return notTaken('The body is nested too deeply.', '本文の入れ子が深すぎます。', problem);
    }
    case 'names': {
      const problems = fault.paths.map(
        (path) => ({ path, code: 'format', expected: 'once' }) as const,
      );
      return notTaken(
        'An object in the body contains the same name twice.',
        '本文のオブジェクトに同じ名前が重複しています。',
        problems,
      );
    }
  }
}

const notTaken = (
  en: string,
  ja: string,
  problems: FieldProblem | readonly FieldProblem[],
  cause?: Error,
): ProblemException =>
  new ProblemException('malformed-request', {
    detail: { en, ja },
    errors: [problems].flat(),
    ...(cause && { cause }),
  });
