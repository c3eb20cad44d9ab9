import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 100;
const MOST_MS = 2_000;

/**
 * The pauses of a follower of the log after failures: doubled up to two seconds, with jitter so that
 * not all processes try again at the same moment.
 */
export class Backoff {
  private count = 0;
  private last: { readonly error: unknown; readonly sinceMs: number } | undefined;

  constructor(private readonly random: () => number = Math.random) {}

  /** The last error since the last success, and how long ago the first one was. */
  get failure(): { readonly error: unknown; readonly forMs: number } | undefined {
    return this.last && { error: this.last.error, forMs: performance.now() - this.last.sinceMs };
  }

  /** In how many milliseconds to try again. */
  failed(error: unknown): number {
    this.last = { error, sinceMs: this.last?.sinceMs ?? performance.now() };
    const wholeMs = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(this.count, 10));
    this.count += 1;
    return Math.round(wholeMs * (0.5 + this.random() / 2));
  }

  /** True: there had been a failure. */
  succeeded(): boolean {
    const hadFailed = this.last !== undefined;
    this.count = 0;
    this.last = undefined;
    return hadFailed;
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    // aborted: the caller looks at the signal
    await delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
