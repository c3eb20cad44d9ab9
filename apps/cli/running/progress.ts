import type { Language } from './language.js';

const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

/** A line with the progress, the rate and the remaining time of long work. */
export class Progress {
  private count = 0;
  private drawnAtMs = 0;
  private readonly startedAtMs: number;

  constructor(
    /** Undefined if standard error is not a terminal. */
    private readonly draw: ((text: string) => void) | undefined,
    private readonly label: string,
    private readonly language: Language,
    private readonly outOf?: number,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.startedAtMs = nowMs();
  }

  advance(by = 1): void {
    this.count += by;
    if (!this.draw) return;
    const now = this.nowMs();
    if (now - this.drawnAtMs < REDRAW_MS) return;
    this.drawnAtMs = now;
    this.draw(`${CLEAR_LINE}${this.line(now)}`);
  }

  done(): void {
    if (this.drawnAtMs > 0) this.draw?.(CLEAR_LINE);
  }

  /** With a total: share, rate and remaining time. Without a total: count and rate. */
  line(nowMs: number): string {
    const seconds = Math.max(nowMs - this.startedAtMs, 1) / 1000;
    const rate = this.count / seconds;
    const parts = [`${this.label} ${this.shown(this.count)}`];
    if (this.outOf !== undefined && this.outOf > 0) {
      parts[0] += ` / ${this.shown(this.outOf)} (${Math.floor((100 * this.count) / this.outOf)} %)`;
    }
    parts.push(
      this.language === 'ja'
        ? `毎秒 ${this.shown(Math.round(rate))}`
        : `${this.shown(Math.round(rate))}/s`,
    );
    if (this.outOf !== undefined && rate > 0)
      parts.push(this.estimate(Math.ceil(Math.max(this.outOf - this.count, 0) / rate)));
    return parts.join(' · ');
  }

  private estimate(seconds: number): string {
    const clock =
      seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
    return this.language === 'ja'
      ? `残り ${clock.replace(' min', ' 分').replace(' s', ' 秒')}`
      : `${clock} left`;
  }

  private shown(value: number): string {
    return value.toLocaleString(this.language);
  }
}
