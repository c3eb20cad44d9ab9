import type { EventLog, Position } from '../../../event-log/event-log.js';
import type { Clock } from '../time/clock.js';
import { ClockBehind } from './failures.js';

const TOLERANCE_MS = 60_000;

/**
 * The last position of the log that this process knows: an answer without an event was decided at
 * this position.
 */
export class LogHead {
  position: Position = -1;
  private lastRecordedAtMs = 0;
  private measured = { offsetMs: 0, aheadOfMonotonicMs: 0 };

  private constructor(
    private readonly log: EventLog,
    private readonly clock: Clock & { readonly isManual: boolean },
  ) {}

  static async follow(
    log: EventLog,
    clock: Clock & { readonly isManual: boolean },
  ): Promise<LogHead> {
    const head = new LogHead(log, clock);
    log.onCommitted((events) => {
      const last = events[events.length - 1];
      if (last) head.moveTo(last.position, last.recordedAt);
    });
    head.moveTo(await log.head(), await log.lastRecordedAt());
    return head;
  }

  /**
   * A machine whose clock is far behind the log's last event, or differs from the log server's
   * clock, would judge by the wrong day. It refuses commands with a message.
   */
  assertClockIsUsable(): void {
    if (this.clock.isManual) return;
    const behindMs = this.lastRecordedAtMs - this.clock.now();
    if (behindMs > TOLERANCE_MS)
      throw new ClockBehind(Math.round(behindMs / 1000), 'the last event in the log');
    const offsetMs = this.offsetMs();
    if (Math.abs(offsetMs) > TOLERANCE_MS)
      throw new ClockBehind(Math.round(offsetMs / 1000), "the log server's clock");
  }

  /**
   * The log measures the server's clock at this process's own appends. While commands are refused
   * there are none, so a corrected clock is detected with the monotonic clock.
   */
  private offsetMs(): number {
    const offsetMs = this.log.clockOffsetMs();
    const aheadOfMonotonicMs = this.clock.now() - performance.now();
    if (offsetMs !== this.measured.offsetMs) this.measured = { offsetMs, aheadOfMonotonicMs };
    const sinceSetMs = offsetMs - (aheadOfMonotonicMs - this.measured.aheadOfMonotonicMs);
    return Math.abs(sinceSetMs) < Math.abs(offsetMs) ? sinceSetMs : offsetMs;
  }

  private moveTo(position: Position, recordedAt: string | undefined): void {
    if (position <= this.position) return;
    this.position = position;
    if (recordedAt !== undefined)
      this.lastRecordedAtMs = Math.max(this.lastRecordedAtMs, Date.parse(recordedAt));
  }
}
