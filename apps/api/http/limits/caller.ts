import type { LimitSettings } from '../../../../libs/platform/limit-settings.js';
import { SlidingCount } from './sliding-count.js';

/**
 * What one principal, or one address without a principal, does at the moment and has done of late.
 */
export class Caller {
  inFlight = 0;
  streams = 0;
  uploads = 0;
  /** Orders that have not been decided yet: each may come to a refusal. */
  ordersUnderWay = 0;
  readonly requests: SlidingCount;
  private refused: SlidingCount | undefined;
  private failed: SlidingCount | undefined;

  constructor(private readonly settings: LimitSettings) {
    this.requests = new SlidingCount(settings.requestsPerSecond, 1000, 10);
  }

  get refusedOrders(): SlidingCount {
    return (this.refused ??= new SlidingCount(this.settings.refusedOrdersPerMinute, 60_000, 60));
  }

  get unauthorized(): SlidingCount {
    return (this.failed ??= new SlidingCount(this.settings.unauthorizedPerMinute, 60_000, 60));
  }

  /** Nothing is under way: only what it did of late is left to know. */
  get isIdle(): boolean {
    return (
      this.inFlight === 0 && this.streams === 0 && this.uploads === 0 && this.ordersUnderWay === 0
    );
  }

  isForgettable(nowMs: number): boolean {
    return (
      this.isIdle &&
      this.requests.isEmpty(nowMs) &&
      (this.refused?.isEmpty(nowMs) ?? true) &&
      (this.failed?.isEmpty(nowMs) ?? true)
    );
  }
}
