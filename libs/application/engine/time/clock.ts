import { type JudgementTime, latestDateOnEarth, utcDate } from '../../../domain/shared/calendar.js';

/** The process's clock. Decisions never read it: handlers do, and pass the time as an argument. */
export abstract class Clock {
  private last: { readonly nowMs: number; readonly time: JudgementTime } | undefined;

  /** Milliseconds since the Unix epoch, UTC. */
  abstract now(): number;

  /** RFC 3339 in UTC, three decimals. */
  instant(): string {
    return new Date(this.now()).toISOString();
  }

  /**
   * Orders that are judged within one millisecond share it: writing dates costs about as much as a
   * rule.
   */
  judgementTime(): JudgementTime {
    const nowMs = this.now();
    if (this.last?.nowMs !== nowMs) {
      const instant = new Date(nowMs).toISOString();
      this.last = {
        nowMs,
        time: { instant, date: utcDate(instant), latestDate: latestDateOnEarth(instant) },
      };
    }
    return this.last.time;
  }
}

/** The time of a judgement as of a date (`asOf`), by default as of now. */
export const timeOf = (now: JudgementTime, asOf: string | undefined): JudgementTime =>
  asOf === undefined ? now : { instant: now.instant, date: asOf, latestDate: asOf };

/**
 * The clock that a log was created with: the system's, or on a manual log the last `ClockSet`,
 * which does not advance between ticks.
 */
export class LogClock extends Clock {
  private setTo: number | undefined;

  constructor(private readonly system: () => number = Date.now) {
    super();
  }

  now(): number {
    return this.setTo ?? this.system();
  }

  get isManual(): boolean {
    return this.setTo !== undefined;
  }

  /** `at`: RFC 3339; from now on this clock is manual. */
  setAt(at: string): void {
    this.setTo = Date.parse(at);
  }
}
