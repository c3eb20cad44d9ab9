import { setTimeout as delay } from 'node:timers/promises';

/**
 * Until when something is tried. By the monotonic clock: the wall clock may be set, and in tests
 * stands still.
 */
export class Deadline {
  private readonly atMs: number;

  constructor(ms: number) {
    this.atMs = performance.now() + ms;
  }

  get leftMs(): number {
    return Math.max(0, this.atMs - performance.now());
  }

  get passed(): boolean {
    return performance.now() >= this.atMs;
  }
}

/**
 * How long to wait before the next attempt: doubling from `firstMs` to `mostMs`, each at random
 * between a half and the whole.
 */
export class Backoff {
  private attempts = 0;

  constructor(
    private readonly firstMs: number,
    private readonly mostMs: number,
  ) {}

  nextMs(): number {
    const wholeMs = Math.min(this.mostMs, this.firstMs * 2 ** Math.min(this.attempts, 20));
    this.attempts += 1;
    // All processes of a cluster fail at the same moment; they are not to come back in one.
    return wholeMs * (0.5 + Math.random() / 2);
  }

  reset(): void {
    this.attempts = 0;
  }

  async wait(deadline: Deadline): Promise<void> {
    await delay(Math.min(this.nextMs(), deadline.leftMs));
  }
}
