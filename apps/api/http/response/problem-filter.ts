import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../../../libs/platform/logging.js';
import { earlyContext, pathOf } from '../request/request-context.js';
import { problemOfError } from '../problems/error-problems.js';
import { ProblemException } from '../problems/problem.js';
import { problemKind } from '../problems/problems.js';
import { sendProblem } from './send-problem.js';

/**
 * Converts every error of a request into a problem document. Unexpected errors are logged, and the
 * client gets only their correlation id.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    /** The methods that an address supports; none if the address does not exist. */
    private readonly methodsOf: (path: string) => readonly string[],
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.getArgByIndex<FastifyRequest>(0);
    const reply = host.getArgByIndex<FastifyReply>(1);
    if (hasLeft(request, reply) && isOfLeaving(exception)) return this.left(request, reply);
    const problem =
      this.known(exception, request) ??
      this.ofTheServer(exception, request) ??
      this.unforeseen(exception, request);
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    keepConnection(request, reply);
    sendProblem(request, reply, problem.code, problem.details);
  }

  /**
   * The client disconnected and the service is fine: metrics count the request as 499, as proxies
   * do.
   */
  private left(request: FastifyRequest, reply: FastifyReply): void {
    const { correlationId } = earlyContext(request);
    this.logger.info(
      { correlationId, method: request.method, route: request.route?.url },
      'the client disconnected before its request was answered',
    );
    // No client gets this answer. It ends the request for the caller's limits.
    if (reply.sent || reply.raw.headersSent) reply.raw.destroy();
    else reply.code(CLIENT_LEFT).send();
  }

  /**
   * Errors that have a problem. Those of the service, not of the request, are logged for the
   * operator.
   */
  private known(exception: unknown, request: FastifyRequest): ProblemException | undefined {
    const problem = problemOfError(exception);
    if (problem && problemKind(problem.code).status >= 500) {
      this.logger.warn(
        {
          err: problem.cause ?? problem,
          correlationId: earlyContext(request).correlationId,
          route: request.route?.url,
        },
        problem.code,
      );
    }
    return problem;
  }

  /** Errors of Nest and Fastify. */
  private ofTheServer(exception: unknown, request: FastifyRequest): ProblemException | undefined {
    const status = exception instanceof HttpException ? exception.getStatus() : statusOf(exception);
    if (status === undefined || status >= 500) return undefined;
    if (status === 413) return new ProblemException('payload-too-large');
    if (status === 415) return new ProblemException('unsupported-media-type');
    if (status === 414) return new ProblemException('uri-too-long');
    if (status !== 404) return new ProblemException('malformed-request', { cause: exception });
    const methods = this.methodsOf(pathOf(request.url));
    if (methods.length === 0 || methods.includes(request.method))
      return new ProblemException('not-found');
    return new ProblemException('method-not-allowed', { headers: { allow: methods.join(', ') } });
  }

  private unforeseen(exception: unknown, request: FastifyRequest): ProblemException {
    const { correlationId } = earlyContext(request);
    this.logger.error(
      { err: exception, correlationId, method: request.method, route: request.route?.url },
      'a request failed with an unexpected error',
    );
    return new ProblemException('internal-error', { extensions: { correlationId } });
  }
}

const CLIENT_LEFT = 499;

const hasLeft = ({ raw: request }: FastifyRequest, { raw: reply }: FastifyReply): boolean =>
  reply.destroyed || request.socket.destroyed || (request.destroyed && !request.complete);

/**
 * Errors that a disconnected client causes: its body ends early, its answer cannot be written, or
 * its work is cancelled.
 */
function isOfLeaving(exception: unknown): boolean {
  if (!(exception instanceof Error)) return false;
  const { name, cause } = exception;
  if (name === 'ImportInterrupted' || name === 'AbortError') return true;
  return (
    brokenConnections.has(String(Reflect.get(exception, 'code'))) ||
    (cause !== undefined && isOfLeaving(cause))
  );
}
const brokenConnections: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** Fastify's errors have a status, and Fastify sets one for a body that ended early. */
function statusOf(exception: unknown): number | undefined {
  if (typeof exception !== 'object' || exception === null) return undefined;
  const status: unknown = Reflect.get(exception, 'statusCode');
  return typeof status === 'number' && status >= 400 ? status : undefined;
}

/**
 * Fastify closes the connection after a faulty body. A client that still sends would then lose the
 * answer. So the rest is read and dropped (the request timeout bounds it), and the connection stays
 * open.
 */
function keepConnection(request: FastifyRequest, reply: FastifyReply): void {
  reply.removeHeader('connection');
  if (!request.raw.readableEnded) request.raw.resume();
}
