import type { Fault } from '../faults/inject.js';
import type { ServedAgain } from '../faults/served-again.js';
import { type Asked, isDone } from '../load/command.js';

/** The longest time in which no process executed a command. */
export interface Gap {
  readonly fromMs: number;
  readonly ms: number;
}

export function longestGap(servedAtMs: readonly number[], fromMs: number, toMs: number): Gap {
  let longest: Gap = { fromMs, ms: 0 };
  let before = fromMs;
  for (const at of [
    ...servedAtMs.filter((at) => at > fromMs && at < toMs).sort((a, b) => a - b),
    toMs,
  ]) {
    if (at - before > longest.ms) longest = { fromMs: before, ms: at - before };
    before = at;
  }
  return longest;
}

/** The smallest value that this percentage of the values does not exceed. */
export function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
}

/**
 * Latencies of answers to the first sending: without a fault, and while something was down or
 * paused.
 */
export function latencies(
  asked: readonly Asked[],
  faults: readonly Fault[],
): { readonly calmMs: readonly number[]; readonly faultMs: readonly number[] } {
  const calmMs: number[] = [];
  const faultMs: number[] = [];
  for (const { command, tries } of asked) {
    for (const { answer, sentAtMs, endedAtMs } of command.kind === 'order'
      ? tries.slice(0, 1)
      : []) {
      if (!answer || !isDone(answer)) continue;
      const isDuring = faults.some(
        ({ beganAtMs, overAtMs }) => sentAtMs < overAtMs && endedAtMs > beganAtMs,
      );
      (isDuring ? faultMs : calmMs).push(endedAtMs - sentAtMs);
    }
  }
  return { calmMs, faultMs };
}

export interface FaultLine {
  readonly kind: string;
  readonly hit: readonly string[];
  readonly tookMs: number;
  /** The longest gap that overlaps this fault. */
  readonly gapMs: number;
  /** The time from the end of the fault until the last process served again. */
  readonly servedAgainMs: number | undefined;
}

export function faultLines(
  servedAgain: readonly ServedAgain[],
  servedAtMs: readonly number[],
): readonly FaultLine[] {
  return servedAgain.map(({ fault, afterMs }) => {
    const times = Object.values(afterMs);
    const last = times.every((ms) => ms !== undefined) ? Math.max(...times) : undefined;
    const { ms } = longestGap(servedAtMs, fault.beganAtMs, fault.overAtMs + (last ?? 0));
    return {
      kind: fault.kind,
      hit: fault.hit,
      tookMs: fault.overAtMs - fault.beganAtMs,
      gapMs: ms,
      servedAgainMs: last,
    };
  });
}

/** The number of each outcome, the most frequent first. */
export function outcomes(
  asked: readonly Asked[],
): readonly (readonly [outcome: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { tries } of asked) {
    for (const { answer, broken } of tries) {
      const outcome = answer
        ? `${answer.status}${answer.problem === undefined ? '' : ` ${answer.problem}`}${answer.replayed ? ' (replayed)' : ''}`
        : `no answer: ${broken}`;
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}
