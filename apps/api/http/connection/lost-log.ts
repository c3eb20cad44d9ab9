import type { onRequestHookHandler } from 'fastify';
import { sendProblem } from '../problems/send-problem.js';

/**
 * What says of a process how it is, and so is answered to the end. Readiness asks the log, and says
 * no by itself.
 */
const ANSWERED: ReadonlySet<string> = new Set(['/metrics', '/health/live', '/health/ready']);

/**
 * Once the log has gone back in time no answer is given from what was remembered or derived before.
 */
export const refuseWithoutLog =
  (isLost: () => boolean): onRequestHookHandler =>
  (request, reply, done) => {
    if (isLost() && !ANSWERED.has(request.url.split('?', 1)[0] ?? ''))
      return sendProblem(request, reply, 'log-unavailable', { headers: { connection: 'close' } });
    done();
  };
