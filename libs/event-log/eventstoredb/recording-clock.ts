import { nextRecordedAt, renderInstant } from '../recorded-at.js';
import type { LocalLog } from './local-log.js';
import type { StoredEvent } from './stored-form.js';

/** Gives events their `recordedAt`, and estimates the offset of the server's clock. */
export class RecordingClock {
  /** How far the server's clock is certain to be ahead. */
  offsetMs = 0;
  private issuedMs = 0;
  private readonly sentMs = new Map<string, number>();

  constructor(
    private readonly now: () => number,
    private readonly local: () => Pick<LocalLog, 'recordedThroughMs'>,
  ) {}

  /** The latest of this process's clock, the last time in the log and the last time given out. */
  nextRecordedAt(): string {
    this.issuedMs = nextRecordedAt(
      this.now(),
      Math.max(this.local().recordedThroughMs, this.issuedMs),
    );
    return renderInstant(this.issuedMs);
  }

  sent(writer: string): void {
    this.sentMs.set(writer, this.now());
  }

  forget(writer: string): void {
    this.sentMs.delete(writer);
  }

  /**
   * The server created the event between its sending and its arrival: a time outside that interval
   * shows the difference of the clocks.
   */
  arrived({ writer, createdMs }: StoredEvent): void {
    const sentMs = this.sentMs.get(writer);
    if (sentMs === undefined) return;
    const arrivedMs = this.now();
    this.offsetMs = createdMs > arrivedMs ? createdMs - arrivedMs : Math.min(0, createdMs - sentMs);
  }
}
