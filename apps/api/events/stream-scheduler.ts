/** Something that is given a turn to write. */
export interface ScheduledStream {
  /** Takes a millisecond or so at most. */
  serve(): void;
}

export interface StreamSchedulerOptions {
  /** How long a slice of turns lasts. */
  readonly sliceMs?: number;
  /** How long the thread is left to others after a slice, in slices. */
  readonly restSlices?: number;
}

/**
 * Gives streams their turns, a slice at a time, and leaves the thread to requests in between:
 * streams take an eighth of it at most, however many there are. What they have not written by then
 * they write together in their next turn.
 */
export class StreamScheduler {
  private readonly ready = new Set<ScheduledStream>();
  private readonly sliceMs: number;
  private readonly restSlices: number;
  private isScheduled = false;

  constructor({ sliceMs = 1, restSlices = 7 }: StreamSchedulerOptions = {}) {
    this.sliceMs = sliceMs;
    this.restSlices = restSlices;
  }

  add(stream: ScheduledStream): void {
    this.ready.add(stream);
    this.schedule(0);
  }

  remove(stream: ScheduledStream): void {
    this.ready.delete(stream);
  }

  private schedule(restMs: number): void {
    if (this.isScheduled || this.ready.size === 0) return;
    this.isScheduled = true;
    const run = (): void => this.run();
    if (restMs < 1) setImmediate(run);
    else setTimeout(run, restMs);
  }

  private run(): void {
    const beganMs = performance.now();
    for (const stream of this.ready) {
      this.ready.delete(stream);
      stream.serve();
      if (performance.now() - beganMs >= this.sliceMs) break;
    }
    this.isScheduled = false;
    this.schedule((performance.now() - beganMs) * this.restSlices);
  }
}
