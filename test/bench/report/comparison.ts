/** One round: what was measured of ours and, in the same round, of what stands beside it. */
export interface Round {
  readonly ours: number;
  readonly beside: number;
}

export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export type Unit = '/s' | 'ms' | 'count';

/**
 * A line of the bench: a piece of work beside a peer or a limit. The rounds' own ratios count,
 * never a ratio of medians.
 */
export interface Comparison {
  readonly id: string;
  readonly work: string;
  /** The peer or the limit. */
  readonly beside: string;
  readonly unit: Unit;
  readonly rounds: readonly Round[];
  /** `difference`: ours less what stands beside it; `ratio` if not said. */
  readonly by?: 'ratio' | 'difference';
  /** Lines without a target only show. */
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
  /** What else the run showed; printed below the table. */
  readonly notes?: readonly string[];
}

/** A line that could not be measured here, and why. */
export interface Skipped {
  readonly id: string;
  readonly work: string;
  readonly skipped: string;
}

export type Line = Comparison | Skipped;

export const isSkipped = (line: Line): line is Skipped => 'skipped' in line;

/**
 * Met: the median reaches the figure. Within the spread: some round does, so this run does not say
 * otherwise.
 */
export type Verdict = 'met' | 'met within the spread' | 'not met';

export function compared({ rounds, by = 'ratio' }: Comparison): Spread {
  return spreadOf(
    rounds.map(({ ours, beside }) => (by === 'ratio' ? ours / beside : ours - beside)),
  );
}

export function verdictOn(comparison: Comparison): Verdict | undefined {
  const { target } = comparison;
  if (!target) return undefined;
  const { median, lowest, highest } = compared(comparison);
  const reached = 'atLeast' in target ? median >= target.atLeast : median <= target.atMost;
  if (reached) return 'met';
  const within = 'atLeast' in target ? highest >= target.atLeast : lowest <= target.atMost;
  return within ? 'met within the spread' : 'not met';
}

/** Of an even number of values the lower of the middle two. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), lowest: sorted[0] ?? NaN, highest: sorted.at(-1) ?? NaN };
}

/** Of values in rising order. */
export const quantile = (sorted: ArrayLike<number>, share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;

export const median = (values: readonly number[]): number => spreadOf(values).median;
