import { setTimeout as delay } from 'node:timers/promises';
import { Backoff } from '../../../platform/time/backoff.js';
import { endedWithin } from '../../../platform/time/within.js';

/** A consumer of the log: the order validator, or a process with effects. */
export interface Following {
  /** Finds the position to resume after. Called again until it has succeeded once. */
  begin(): Promise<void>;
  /** Reads the log from where `begin` or the last call ended, until the signal aborts. */
  follow(signal: AbortSignal): Promise<void>;
  /** Whether this build can never continue after such an error. */
  isFatal(error: unknown): error is Error;
  stopped(error: Error): void;
  /** The follower will retry after `retryInMs`. */
  failed(error: unknown, retryInMs: number): void;
}

const STOP_WITHIN_MS = 2_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Follows the log until it is stopped. After a failure it retries with growing pauses and never
 * gives up, because an effect that is due must not be lost. An error that is fatal to this build
 * stops it.
 */
export class LogFollower {
  private readonly stopping = new AbortController();
  private readonly backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  private lastFailure: { readonly error: unknown; readonly sinceMs: number } | undefined;
  private begun: Promise<void> | undefined;
  private running: Promise<void> | undefined;
  private hasBegun = false;

  constructor(private readonly following: Following) {}

  /**
   * Resolves when `begin` has succeeded or failed for the first time. The follower continues in the
   * background.
   */
  start(): Promise<void> {
    this.begun ??= new Promise((resolve) => {
      this.running = this.run(resolve);
    });
    return this.begun;
  }

  get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** The last error since the last success, and how long ago the first one was. */
  get failure(): { readonly error: unknown; readonly forMs: number } | undefined {
    const { lastFailure } = this;
    return (
      lastFailure && {
        error: lastFailure.error,
        forMs: performance.now() - lastFailure.sinceMs,
      }
    );
  }

  /** Resets the pauses after a failure. Returns true if there was a failure. */
  succeeded(): boolean {
    if (!this.lastFailure) return false;
    this.lastFailure = undefined;
    this.backoff.reset();
    return true;
  }

  /** Ends early when the follower is stopped. */
  async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stopping.signal, ref: false }).catch(() => undefined);
  }

  /** The work that this process leaves undone is done by the next one. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await endedWithin(STOP_WITHIN_MS, this.running);
  }

  private async run(begun: () => void): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        if (!this.hasBegun) await this.following.begin();
        this.hasBegun = true;
        begun();
        await this.following.follow(signal);
        if (!signal.aborted) throw new Error('the subscription ended');
      } catch (error) {
        begun();
        if (signal.aborted) return;
        if (this.following.isFatal(error)) return this.following.stopped(error);
        this.lastFailure = { error, sinceMs: this.lastFailure?.sinceMs ?? performance.now() };
        const retryInMs = this.backoff.nextMs();
        this.following.failed(error, retryInMs);
        await this.pause(retryInMs);
      }
    }
  }
}
