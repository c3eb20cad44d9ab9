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
export async function withinReadinessDeadline<Value>(
  look: Promise<Value>,
  withinMs = READY_WITHIN_MS,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ProblemException('not-ready')), withinMs);
  });
  try {
    return await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
  }
}
