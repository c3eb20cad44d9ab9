import { setTimeout as delay } from 'node:timers/promises';

/** The timeouts of the log, in milliseconds. Everything that waits has one of them. */
export interface Timeouts {
  /** For the answer to one call. Also how soon a paused node is noticed. */
  readonly callMs: number;
  /** Added for work of the client that has no deadline, such as discovery. */
  readonly slackMs: number;
  /** For a read with all its attempts. */
  readonly readMs: number;
  /** For an append or a claim with all its attempts. After that the caller gets OutcomeUnknown. */
  readonly commandMs: number;
  /**
   * For any event from the subscription while one is known to be missing. After that it restarts.
   */
  readonly subscriptionMs: number;
  /** For running appends when the log is closed. */
  readonly closeMs: number;
  /**
   * How long a seen event must be missing before the log counts as restored: longer than a former
   * leader keeps answering.
   */
  readonly missingMs: number;
  /** Between two checks that the furthest event seen is still in the log, without other cause. */
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

/** A point in time by the monotonic clock: the wall clock can be set, and is fixed in tests. */
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

  /** Waits this long, but not past the deadline. */
  async wait(ms: number): Promise<void> {
    await delay(Math.min(ms, this.leftMs));
  }
}
