import { LogUnavailable } from '../errors.js';
import type { Arrival } from './arrival.js';
import type { LogEnd } from './log-end.js';

/**
 * While a long log is counted something arrives all the time; so long without anything, and it is
 * given up.
 */
const STANDSTILL_MS = 10_000;

/** Has the subscription bring what is in the log. Both throw LogUnavailable. */
export class CatchUp {
  constructor(
    private readonly end: LogEnd,
    private readonly arrival: Arrival,
  ) {}

  /**
   * All that was in the log at the call: one read of the leader, shared by all who ask at the same
   * time.
   */
  async now(): Promise<void> {
    const last = await this.end.find();
    if (last && !(await this.arrival.whileReading(last))) {
      throw new LogUnavailable('the subscription to EventStoreDB is behind; try again');
    }
  }

  /**
   * The same, with as long as it takes while anything comes: a log that is counted from its
   * beginning.
   */
  async howeverLong(): Promise<void> {
    const last = await this.end.find();
    if (last) await this.arrival.howeverLongItTakes(last, STANDSTILL_MS);
  }
}
