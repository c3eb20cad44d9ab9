import { setTimeout as delay } from 'node:timers/promises';

/** How long is waited for what, in milliseconds. Whatever waits has one of these deadlines. */
export interface Timeouts {
  /** For the answer to one call. A paused node answers nothing: this is how soon it is noticed. */
  readonly callMs: number;
  /** Beyond that for what the client does without a deadline, such as discovery. */
  readonly slackMs: number;
  /** For a read, with all its attempts. */
  readonly readMs: number;
  /** For an append or a claim, with all its attempts, before its caller hears that nobody knows. */
  readonly commandMs: number;
  /** For anything at all from the subscription, when something is known to be in the log. */
  readonly subscriptionMs: number;
  /** For the appends under way when the log is closed. */
  readonly closeMs: number;
  /**
   * For an event that was seen and is missing, before the log counts as restored: longer than a
   * node goes on that no longer leads.
   */
  readonly missingMs: number;
  /**
   * Between two looks at whether the last event seen is still there, while nothing else gives
   * reason to look.
   */
  readonly heartbeatMs: number;
}

export const TIMEOUTS: Timeouts = {
  callMs: 2_500,
  slackMs: 500,
  readMs: 8_000,
  commandMs: 15_000,
  subscriptionMs: 2_000,
  closeMs: 2_000,
  missingMs: 8_000,
  heartbeatMs: 5_000,
};

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
