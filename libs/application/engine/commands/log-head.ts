import type { EventLog, Position } from '../../../event-log/event-log.js';
import type { Clock } from '../time/clock.js';
import { ClockBehind } from './failures.js';

const TOLERANCE_MS = 60_000;

/**
 * How far this process knows the log: the position that an answer without an event was decided at.
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
   * A machine whose clock is far behind the log, or away from the log server's in either direction,
   * would judge by the wrong day: it refuses commands and says so.
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
   * The log measures at this process's own appends, and one that refuses commands makes none: a
   * clock that has been set right since is known by the monotonic one.
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
