/** One round: our result and the peer's result in the same round. */
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
 * A row of the report: a piece of work compared with a peer or a limit. It uses the ratios of
 * rounds, never a ratio of medians.
 */
export interface Comparison {
  readonly id: string;
  readonly work: string;
  /** The peer or the limit. */
  readonly beside: string;
  readonly unit: Unit;
  readonly rounds: readonly Round[];
  /** `difference`: ours minus the peer's; `ratio` by default. */
  readonly by?: 'ratio' | 'difference';
  /** A row without a target has no verdict. */
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
  /** Further results of the run, printed below the table. */
  readonly notes?: readonly string[];
}

/** A comparison that could not be measured here, with the reason. */
export interface Skipped {
  readonly id: string;
  readonly work: string;
  readonly skipped: string;
}

export type Line = Comparison | Skipped;

export const isSkipped = (line: Line): line is Skipped => 'skipped' in line;

/**
 * Met: the median reaches the target. Within the spread: some round reaches it, so this run does
 * not contradict it.
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

/** Of an even number of values, the lower of the middle two. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), lowest: sorted[0] ?? NaN, highest: sorted.at(-1) ?? NaN };
}

/** The values must be in ascending order. */
export const quantile = (sorted: ArrayLike<number>, share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;

export const median = (values: readonly number[]): number => spreadOf(values).median;
