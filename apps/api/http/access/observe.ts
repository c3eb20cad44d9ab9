import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { Logger } from '../../../../libs/platform/logging.js';
import type { Metrics } from '../../../../libs/platform/metrics.js';
import { earlyContext } from '../context/request-context.js';
import type { Route } from './route.js';

/** Counts and times every answer; logs it where the log wants it (debug). */
export function observe(
  route: Route,
  metrics: Metrics,
  logger: Logger,
): (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void {
  const count = metrics.route(route.method, route.url);
  const logged = logger.isLevelEnabled('debug');
  return (request, reply, done) => {
    const { startedAtMs, correlationId, principal } = earlyContext(request);
    const ms = performance.now() - startedAtMs;
    count(reply.statusCode, ms);
    // The route, never the address: ids of tenants and query texts stay out of the log.
    if (logged) {
      logger.debug(
        {
          method: route.method,
          route: route.url,
          status: reply.statusCode,
          ms: Math.round(ms * 10) / 10,
          correlationId,
          principal: principal.id,
        },
        'request',
      );
    }
    done();
  };
}
