import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { Authenticator } from '../../../../libs/platform/authentication/authenticator.js';
import type { Principal } from '../../../../libs/platform/authentication/principal.js';
import { earlyContext } from '../request/request-context.js';
import { problemOfError } from '../problems/error-problems.js';
import type { ProblemDetails } from '../problems/problem.js';
import type { ProblemCode } from '../problems/problems.js';
import type { HttpLimits } from '../limits/http-limits.js';
import { sendProblem } from '../response/send-problem.js';
import { type Permission, permits } from '../routing/permissions.js';
import { bodyFault } from './body-fault.js';
import type { Route } from '../routing/route.js';

export type OnRequest = (
  request: FastifyRequest,
  reply: FastifyReply,
  done: HookHandlerDoneFunction,
) => void;

/** Called when a credential could not be checked. */
export type OnFault = (request: FastifyRequest, error: unknown, code: ProblemCode) => void;

/** One MiB; no command is larger. */
export const maxJsonBytes = 1024 * 1024;

/**
 * The first hook of a route. It checks a request before its body is read, in this order: 401, 429,
 * 403, 413 and 415. The controller and the command check the rest (400, the partner scope, the key,
 * 404, 412).
 */
export function authorize(
  route: Route,
  permission: Permission,
  { authenticator, limits }: { readonly authenticator: Authenticator; readonly limits: HttpLimits },
  onFault: OnFault,
): OnRequest {
  const maxBytes = route.declaration.upload?.maxBytes ?? maxJsonBytes;

  const enter: OnRequest = (request, reply, done) => {
    const fault = route.isCommand
      ? bodyFault(request.headers, route.mediaTypes, maxBytes)
      : undefined;
    if (fault) return sendProblem(request, reply, fault.code, fault.details);
    done();
  };

  const identify = (
    principal: Principal | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
    done: HookHandlerDoneFunction,
  ): void => {
    if (!principal) {
      if (!limits.allowsUnauthorized(request, reply)) return;
      return sendProblem(
        request,
        reply,
        'unauthorized',
        challenge(request.headers.authorization !== undefined),
      );
    }
    earlyContext(request).principal = principal;
    route.security?.recognised(request, principal);
    if (!limits.admit(route, principal, request, reply)) return;
    if (!permits(permission, principal.roles)) return sendProblem(request, reply, 'forbidden');
    route.security?.entered(request, reply, route, principal);
    enter(request, reply, done);
  };

  return (request, reply, done) => {
    request.route = route;
    const { correlationId } = earlyContext(request);
    reply.header('x-correlation-id', correlationId);
    if (route.closing.aborted)
      return sendProblem(request, reply, 'shutting-down', { headers: { connection: 'close' } });
    if (permission === 'everyone')
      return limits.admit(route, undefined, request, reply)
        ? enter(request, reply, done)
        : undefined;
    const principal = authenticator.principalOf(request.headers.authorization);
    if (!(principal instanceof Promise)) return identify(principal, request, reply, done);
    principal.then(
      (found) => identify(found, request, reply, done),
      (error: unknown) => {
        const known: ProblemCode = problemOfError(error)?.code ?? 'internal-error';
        onFault(request, error, known);
        sendProblem(request, reply, known);
      },
    );
  };
}

/**
 * RFC 6750, 3: distinguishes an invalid credential from a missing one, and discloses nothing more.
 */
const challenge = (sent: boolean): ProblemDetails => ({
  headers: { 'www-authenticate': `Bearer realm="sekisho"${sent ? ', error="invalid_token"' : ''}` },
});
