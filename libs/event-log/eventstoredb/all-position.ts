import type { AllPosition } from './log-index.js';

/**
 * The server counts in signed 64 bits; 24.10.0–24.10.4 can send 2^64 − 1 as a checkpoint, behind
 * which nothing would ever come.
 */
const LAST_POSITION = 2n ** 63n - 1n;

export const isPlausible = ({ commit, prepare }: AllPosition): boolean =>
  commit <= LAST_POSITION && prepare <= LAST_POSITION;

/** Negative when `a` lies before `b`: by commit, then by prepare. */
export function comparePositions(a: AllPosition, b: AllPosition): number {
  const [left, right] = a.commit === b.commit ? [a.prepare, b.prepare] : [a.commit, b.commit];
  return left < right ? -1 : left > right ? 1 : 0;
}
