/**
 * The pauses between attempts: doubling from `firstMs` to `mostMs`, each at random between a half
 * and the whole, so that processes that fail at the same moment do not all try again at once.
 */
export class Backoff {
  private attempts = 0;

  constructor(
    private readonly firstMs: number,
    private readonly mostMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** In how many milliseconds to try again. */
  nextMs(): number {
    const wholeMs = Math.min(this.mostMs, this.firstMs * 2 ** Math.min(this.attempts, 20));
    this.attempts += 1;
    return Math.round(wholeMs * (0.5 + this.random() / 2));
  }

  reset(): void {
    this.attempts = 0;
  }
}
