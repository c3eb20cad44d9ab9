import { ErasurePending } from '../../platform/keys/key-store.js';
import { Backoff } from '../../platform/time/backoff.js';
import type { Erasures } from './erasures.js';

/** Reports to the operator about pending erasures. Plain data. */
export type ErasureReport =
  /**
   * Another process reads the key store's files (a backup, an open transaction), or the key store
   * or the log does not answer.
   */
  | { readonly kind: 'erasure-pending'; readonly reason: string }
  | { readonly kind: 'erasure-finished' };

const DELAYS = {
  firstRetryMs: 250,
  lastRetryMs: 5_000,
  /** Another process, such as the command line, may have left an erasure unfinished. */
  lookEveryMs: 10_000,
};

/** Finishes pending erasures at the start of the service and whenever one is left. */
export class ErasureRetries {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private readonly backoff: Backoff;
  private isPending = false;
  private stopped = false;

  constructor(
    private readonly erasures: Erasures,
    private readonly report: (report: ErasureReport) => void = () => undefined,
    private readonly delays = DELAYS,
  ) {
    this.backoff = new Backoff(delays.firstRetryMs, delays.lastRetryMs);
  }

  /** Returns after the first attempt, even if it failed. */
  async start(): Promise<void> {
    this.erasures.onPending(() => this.wake());
    await this.attempt();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private wake(): void {
    this.backoff.reset();
    if (!this.running) this.schedule(this.backoff.nextMs());
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => void this.attempt(), ms).unref();
  }

  private async attempt(): Promise<void> {
    this.running ??= this.finish();
    await this.running;
    this.running = undefined;
    this.schedule(this.isPending ? this.backoff.nextMs() : this.delays.lookEveryMs);
  }

  private async finish(): Promise<void> {
    try {
      await this.erasures.finish();
      if (this.isPending) this.report({ kind: 'erasure-finished' });
      this.isPending = false;
      this.backoff.reset();
    } catch (error) {
      // Reported once; the metric and the alert stay until the erasure is finished.
      if (!this.isPending) this.report({ kind: 'erasure-pending', reason: reasonOf(error) });
      this.isPending = true;
    }
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof ErasurePending
    ? error.message
    : `the key store or the log does not answer: ${String(error)}`;
