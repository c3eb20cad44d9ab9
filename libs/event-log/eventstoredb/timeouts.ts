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
  readonly arrivalMs: number;
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
  arrivalMs: 2_000,
  closeMs: 2_000,
  missingMs: 8_000,
  heartbeatMs: 5_000,
};
