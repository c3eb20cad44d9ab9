import { LogUnavailable } from '../errors.js';
import type { AllSubscription } from './all-subscription.js';
import { Deadline } from './deadline.js';
import type { KnownLog } from './known-log.js';
import type { AllPosition } from './log-index.js';
import type { Timeouts } from './timeouts.js';

/**
 * Waits until the subscription has brought what is known to be in the log, and sees to it that it
 * does.
 */
export class Arrival {
  constructor(
    private readonly known: KnownLog,
    private readonly subscription: Pick<AllSubscription, 'suspect'>,
    private readonly patience: Timeouts,
  ) {}

  /** Whether it has come while a reader waits. */
  whileReading(at: AllPosition): Promise<boolean> {
    return this.of(at, new Deadline(this.patience.readMs));
  }

  /** Whether it has come before the deadline. */
  async of(at: AllPosition, deadline: Deadline): Promise<boolean> {
    while (!this.known.commits.closed) {
      const { arrivals } = this.known;
      if (await this.known.passing.passed(at, Math.min(this.patience.arrivalMs, deadline.leftMs)))
        return true;
      if (deadline.passed) return false;
      if (this.known.arrivals === arrivals) this.subscription.suspect();
    }
    return false;
  }

  /**
   * As long as anything comes, however much there is to come. Throws LogUnavailable when nothing
   * does for so long.
   */
  async howeverLongItTakes(at: AllPosition, standstillMs: number): Promise<void> {
    for (;;) {
      const { arrivals } = this.known;
      if (await this.of(at, new Deadline(standstillMs))) return;
      if (this.known.arrivals === arrivals)
        throw new LogUnavailable('the subscription to EventStoreDB brings nothing');
    }
  }
}
