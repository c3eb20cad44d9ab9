import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemText } from '../context/answer.js';
import { earlyContext, pathOf } from '../context/request-context.js';
import type { ProblemDetails } from './problem.js';
import { type ProblemCode, problemKind } from './problems.js';

/** Ends a request with a problem document, from wherever it stopped. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, code: ProblemCode, details: ProblemDetails = {}): void {
  const { correlationId, language } = earlyContext(request);
  reply.code(problemKind(code).status);
  reply.header('x-correlation-id', correlationId);
  reply.header('cache-control', 'no-store');
  if (details.headers) reply.headers(details.headers);
  reply.send(problemText(reply, code, details, language, pathOf(request.url).slice(0, 2048)));
}
