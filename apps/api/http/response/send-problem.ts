import type { FastifyReply, FastifyRequest } from 'fastify';
import { anonymous } from '../../../../libs/platform/authentication/principal.js';
import { problemText } from './answer.js';
import { earlyContext, pathOf } from '../request/request-context.js';
import type { ProblemDetails } from '../problems/problem.js';
import { type ProblemCode, problemKind } from '../problems/problems.js';

/** Ends a request with a problem document. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: ProblemCode,
  details: ProblemDetails = {},
): void {
  const { correlationId, language } = earlyContext(request);
  reply.code(problemKind(code).status);
  reply.header('x-correlation-id', correlationId);
  reply.header('cache-control', 'no-store');
  const position = positionFor(request);
  if (position !== undefined) reply.header('log-position', String(position));
  if (details.headers) reply.headers(details.headers);
  reply.send(problemText(reply, code, details, language, pathOf(request.url).slice(0, 2048)));
}

/**
 * Every answer to a command has a position. Without an outcome it is the current position of the
 * log. It is not disclosed to anonymous callers.
 */
function positionFor({ route, early }: FastifyRequest): number | undefined {
  return route?.isCommand && early && early.principal !== anonymous
    ? route.logPosition()
    : undefined;
}
