/**
 * Counts events of the last window, in slots, so that its size does not depend on their number. An
 * event is forgotten at the end of the window and of its slot, so no window has more than `most`.
 */
export class SlidingCount {
  private readonly counts: Uint32Array;
  private readonly slotMs: number;
  private slot = 0;
  private total = 0;

  constructor(
    readonly most: number,
    windowMs: number,
    slots: number,
  ) {
    this.slotMs = windowMs / slots;
    this.counts = new Uint32Array(slots + 1);
  }

  add(nowMs: number): void {
    this.moveTo(nowMs);
    this.counts[this.slot % this.counts.length] =
      (this.counts[this.slot % this.counts.length] ?? 0) + 1;
    this.total += 1;
  }

  /** Whether one more event would be too many, in addition to those that are expected. */
  isFull(nowMs: number, expected = 0): boolean {
    this.moveTo(nowMs);
    return this.total + expected >= this.most;
  }

  isEmpty(nowMs: number): boolean {
    this.moveTo(nowMs);
    return this.total === 0;
  }

  /** The time at which one more event is possible. */
  freeInMs(nowMs: number): number {
    this.moveTo(nowMs);
    const slots = this.counts.length;
    let left = this.total;
    for (
      let slot = Math.max(0, this.slot - slots + 1);
      slot <= this.slot && left >= this.most;
      slot++
    ) {
      left -= this.counts[slot % slots] ?? 0;
      if (left < this.most) return (slot + slots) * this.slotMs - nowMs;
    }
    return 0;
  }

  /** Removes slots that have left the window. A clock that goes back has no effect. */
  private moveTo(nowMs: number): void {
    const slots = this.counts.length;
    const now = Math.max(this.slot, Math.floor(nowMs / this.slotMs));
    for (let passed = Math.max(this.slot + 1, now - slots + 1); passed <= now; passed++) {
      this.total -= this.counts[passed % slots] ?? 0;
      this.counts[passed % slots] = 0;
    }
    this.slot = now;
  }
}
