/** A stream that writes when the scheduler calls it. */
export interface ScheduledStream {
  /** Takes about a millisecond at most. */
  serve(): void;
}

export interface StreamSchedulerOptions {
  /** The length of a time slice. */
  readonly sliceMs?: number;
  /** The pause after a slice, in slices, for other work of the thread. */
  readonly restSlices?: number;
}

/**
 * Lets streams write in time slices, with pauses for requests: streams use at most an eighth of the
 * thread, however many there are. A stream that does not finish in its slice continues in its next
 * one.
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
