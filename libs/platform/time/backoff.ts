/**
 * The pauses between attempts. They double from `firstMs` to `mostMs`; each is random between half
 * and all of its length, so that processes that failed at the same time do not retry at the same
 * time.
 */
export class Backoff {
  private attempts = 0;

  constructor(
    private readonly firstMs: number,
    private readonly mostMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** Returns the milliseconds until the next attempt. */
  nextMs(): number {
    const wholeMs = Math.min(this.mostMs, this.firstMs * 2 ** Math.min(this.attempts, 20));
    this.attempts += 1;
    return Math.round(wholeMs * (0.5 + this.random() / 2));
  }

  reset(): void {
    this.attempts = 0;
  }
}
