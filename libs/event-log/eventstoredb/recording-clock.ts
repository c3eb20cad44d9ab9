import { nextRecordedAt, renderInstant } from '../recorded-at.js';
import type { LocalLog } from './local-log.js';
import type { StoredEvent } from './stored-form.js';

/** The time that events are recorded at, and how far this process's clock is from the server's. */
export class RecordingClock {
  /** How far the server's clock is ahead, as far as is certain. */
  offsetMs = 0;
  private issuedMs = 0;
  private readonly sentMs = new Map<string, number>();

  constructor(
    private readonly now: () => number,
    private readonly known: () => Pick<LocalLog, 'recordedThroughMs'>,
  ) {}

  /** The greatest of the own clock, what was seen in the log and what was given out before. */
  nextRecordedAt(): string {
    this.issuedMs = nextRecordedAt(
      this.now(),
      Math.max(this.known().recordedThroughMs, this.issuedMs),
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
   * The server created the event between its sending and its arrival: what lies outside is the
   * clocks' difference.
   */
  arrived({ writer, createdMs }: StoredEvent): void {
    const sentMs = this.sentMs.get(writer);
    if (sentMs === undefined) return;
    const arrivedMs = this.now();
    this.offsetMs = createdMs > arrivedMs ? createdMs - arrivedMs : Math.min(0, createdMs - sentMs);
  }
}
