import type { FastifyReply } from 'fastify';
import { type ProblemDetails, problemDocument, ProblemException } from '../problems/problem.js';
import { type ProblemCode, problemKind } from '../problems/problems.js';
import { judgeRead } from '../request/conditional-headers.js';
import { variesBy } from './negotiation.js';
import type { RequestContext } from '../request/request-context.js';

/** Status and headers of an answer. */
export interface AnswerHead {
  /** Default 200. */
  readonly status?: number;
  /**
   * The position of the last event, or of the log's end when the command was decided. Every answer
   * to a command has it.
   */
  readonly position?: number;
  /** The revision of the stream, sent as the ETag. */
  readonly revision?: number;
  /** This is the first answer to this Idempotency-Key, repeated. */
  readonly replayed?: boolean;
  readonly location?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer as the text to send, returned by a controller. */
export function answer(
  context: Pick<RequestContext, 'reply'>,
  body: unknown,
  head: AnswerHead = {},
): string {
  if (head.revision !== undefined && isUnchanged(context.reply, etagOf(head.revision))) {
    writeHead(context.reply, head, 304);
    return '';
  }
  writeHead(context.reply, head, head.status ?? 200);
  context.reply.header('content-type', 'application/json; charset=utf-8');
  return JSON.stringify(body);
}

export const etagOf = (revision: number): string => `"${revision}"`;

/**
 * Whether the client of a read has this representation already; throws 412 if it asked for another
 * one. Commands check their own preconditions.
 */
export function isUnchanged({ request }: FastifyReply, etag: string): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const judged = judgeRead(request.headers, etag);
  if (judged === 'failed') throw new ProblemException('precondition-failed', { headers: { etag } });
  return judged === 'not-modified';
}

/** 204 with the same headers. */
export function emptyAnswer(
  context: Pick<RequestContext, 'reply'>,
  head: AnswerHead = {},
): undefined {
  writeHead(context.reply, head, head.status ?? 204);
  return undefined;
}

/**
 * A problem document as an ordinary answer: for refusals that are decisions. They are frequent, and
 * a thrown error would cost more.
 */
export function problemAnswer(
  context: Pick<RequestContext, 'reply' | 'language' | 'path'>,
  code: ProblemCode,
  details: ProblemDetails = {},
  head: AnswerHead = {},
): string {
  writeHead(
    context.reply,
    { ...head, ...(details.headers && { headers: details.headers }) },
    problemKind(code).status,
  );
  return problemText(context.reply, code, details, context.language, context.path);
}

export function problemText(
  reply: FastifyReply,
  code: ProblemCode,
  details: ProblemDetails,
  language: RequestContext['language'],
  instance: string,
): string {
  const { retryAfterSeconds, status } = problemKind(code);
  reply.request.route?.security?.answered(reply.request, status);
  reply.header('content-type', 'application/problem+json; charset=utf-8');
  reply.header('content-language', language);
  variesBy(reply, 'accept-language');
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  return JSON.stringify(problemDocument(code, details, language, instance));
}

function writeHead(reply: FastifyReply, head: AnswerHead, status: number): void {
  reply.code(status);
  reply.header('cache-control', 'no-store');
  if (head.position !== undefined) reply.header('log-position', String(head.position));
  if (head.revision !== undefined) reply.header('etag', etagOf(head.revision));
  if (head.replayed) reply.header('idempotency-replayed', 'true');
  if (head.location !== undefined) reply.header('location', head.location);
  if (head.headers) reply.headers(head.headers);
}
