import { setTimeout as delay } from 'node:timers/promises';

/** The timeouts of the log, in milliseconds. Everything that waits has one of them. */
export interface Timeouts {
  /** The timeout of one call. A paused node is noticed after this time. */
  readonly callMs: number;
  /** Added for steps of the client that have no deadline of their own, such as discovery. */
  readonly slackMs: number;
  /** The time limit of a read with all its attempts. */
  readonly readMs: number;
  /**
   * The time limit of an append or a claim with all its attempts. After it the caller gets
   * OutcomeUnknown.
   */
  readonly commandMs: number;
  /**
   * How long the subscription may deliver nothing while an event is known to be missing. Then it is
   * restarted.
   */
  readonly subscriptionMs: number;
  /** How long closing the log waits for running appends. */
  readonly closeMs: number;
  /**
   * How long a seen event must be missing before the log counts as restored: longer than a former
   * leader keeps answering.
   */
  readonly missingMs: number;
  /** The interval of checks that the last seen event is still in the log. */
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
