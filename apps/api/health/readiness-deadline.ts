import { within } from '../../../libs/platform/time/within.js';
import { ProblemException } from '../http/problems/problem.js';

/**
 * Load balancers and container engines wait a few seconds, so the answer "not ready" must come
 * earlier.
 */
const READY_WITHIN_MS = 3_000;

/**
 * Returns the result of the check, or the problem `not-ready` if the log or a store does not answer
 * in time.
 */
export const withinReadinessDeadline = <Value>(
  look: Promise<Value>,
  withinMs = READY_WITHIN_MS,
): Promise<Value> => within(withinMs, look, notReady);

const notReady = (): never => {
  throw new ProblemException('not-ready');
};
