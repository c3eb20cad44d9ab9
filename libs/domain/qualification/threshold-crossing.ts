import { changesOfWindow, countedWindow, type WindowPolicy } from './revenue-window.js';
import type { Cents } from './usd-cents.js';

/**
 * The counted net amount of each day up to the date. Days that no window from the date on includes
 * may be missing.
 */
export type CentsByDay = ReadonlyMap<string, Cents>;

/**
 * The first date after this one on which the window falls below the threshold without further
 * sales. Undefined when it is below on the date itself, or never. Windows only move forward, so
 * every day enters once and leaves once.
 */
export function belowThresholdFrom(
  days: CentsByDay,
  asOf: string,
  threshold: Cents,
  policy: WindowPolicy,
): string | undefined {
  const window = new MovingWindow(days, policy);
  if (window.sumOn(asOf) < threshold) return undefined;
  return changesOfWindow(asOf, window.days, policy).find((date) => window.sumOn(date) < threshold);
}

class MovingWindow {
  /** In order. */
  readonly days: readonly string[];
  private sum: Cents = 0n;
  private entered = 0;
  private left = 0;

  constructor(
    private readonly cents: CentsByDay,
    private readonly policy: WindowPolicy,
  ) {
    this.days = [...cents.keys()].sort();
  }

  /** Dates are queried in ascending order. */
  sumOn(date: string): Cents {
    const { after, through } = countedWindow(date, this.policy);
    for (; this.isUpTo(this.entered, through); this.entered += 1)
      this.sum += this.centsAt(this.entered);
    for (; this.isUpTo(this.left, after); this.left += 1) this.sum -= this.centsAt(this.left);
    return this.sum;
  }

  private isUpTo(index: number, date: string): boolean {
    const day = this.days[index];
    return day !== undefined && day <= date;
  }

  private centsAt(index: number): Cents {
    return this.cents.get(this.days[index] ?? '') ?? 0n;
  }
}
