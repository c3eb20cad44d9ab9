import { ProblemException } from '../http/problems/problem.js';

/**
 * Whoever asks for readiness (a load balancer, a container engine) gives up after a few seconds:
 * not ready is an answer before that.
 */
const READY_WITHIN_MS = 3_000;

/**
 * What the look finds, or the problem `not-ready` when the log or a store leaves it without an
 * answer.
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
