import { within } from '../../../libs/platform/time/within.js';
import { ProblemException } from '../http/problems/problem.js';

/**
 * Load balancers and container engines give up after a few seconds; the answer "not ready" must
 * come before.
 */
const READY_WITHIN_MS = 3_000;

/**
 * The result of the check, or the problem `not-ready` if the log or a store does not answer in
 * time.
 */
export const withinReadinessDeadline = <Value>(
  look: Promise<Value>,
  withinMs = READY_WITHIN_MS,
): Promise<Value> => within(withinMs, look, notReady);

const notReady = (): never => {
  throw new ProblemException('not-ready');
};
