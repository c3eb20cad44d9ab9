import { setTimeout as delay } from 'node:timers/promises';
import { LogUnavailable, LogWentBack } from '../errors.js';
import type { Deadline, Timeouts } from './timeouts.js';
import type { FurthestEvent, SeenEventCheck, SeenEvent } from './seen-log.js';
import type { ServerReads } from './server-reads.js';
import type { NonReconnectingClient } from './client.js';

/** Pause between two checks for a missing event: another node may answer the next. */
const CHECK_AGAIN_MS = 200;
/** A single answer is never enough to call an event missing. */
const MISSING_ANSWERS = 3;

const VERIFY_ATTEMPTS = 3;

export interface ContinuityParts {
  readonly furthest: FurthestEvent;
  readonly server: Pick<ServerReads, 'checkSeen' | 'checkSeenOn'>;
  readonly timeouts: Pick<Timeouts, 'missingMs' | 'heartbeatMs'>;
  /** Called once, when the log has gone back in time. */
  readonly wentBack: (error: LogWentBack) => void;
}

/**
 * Checks that the log is still the one that this process has seen. A server that was restored from
 * an older copy looks like one that was restarted, and once the log has grown past its former end,
 * its length shows nothing. So the furthest event seen is read again on every new subscription
 * before any of its events is taken, whenever an answer contradicts it, and at intervals.
 */
export class LogContinuity {
  private failure: LogWentBack | undefined;
  private isConfirmed = true;
  private interruptions = 0;
  private readonly waiting = new Set<() => void>();
  private missing: { readonly sinceMs: number; answers: number } | undefined;
  private looking: Promise<void> | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private readonly stopping = new AbortController();

  constructor(private readonly parts: ContinuityParts) {}

  start(): void {
    this.heartbeat ??= setInterval(
      () => this.requestCheck(),
      this.parts.timeouts.heartbeatMs,
    ).unref();
  }

  stop(): void {
    this.stopping.abort();
    clearInterval(this.heartbeat);
    this.releaseWaiting();
  }

  /** Throws LogWentBack. */
  assert(): void {
    if (this.failure) throw this.failure;
  }

  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  /**
   * The subscription has ended: which log answers is unknown until the next one has been verified.
   */
  unconfirm(): void {
    this.isConfirmed = false;
    this.interruptions += 1;
  }

  /**
   * Waits until the log is known to be the same. Throws LogUnavailable (or its subclass
   * LogWentBack) when that takes too long.
   */
  async confirmed(deadline: Deadline): Promise<void> {
    this.assert();
    if (this.isConfirmed) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, deadline.leftMs);
      this.waiting.add(done);
    });
    this.assert();
    if (!this.isConfirmed)
      throw new LogUnavailable(
        'the subscription to EventStoreDB has not been confirmed yet; try again',
      );
  }

  /**
   * Whether the server of this client has the furthest event seen; then its subscription is
   * trusted. Also false when that subscription has ended before the answer. Throws the client's
   * errors.
   */
  async verify(client: NonReconnectingClient): Promise<boolean> {
    // The first subscription needs no check: its starting point was read just now, without an
    // interruption since.
    if (this.isConfirmed) return true;
    const { interruptions } = this;
    const seen = this.parts.furthest.current;
    const again = seen ? await this.answered(client, seen) : 'same';
    if (seen) this.conclude(seen, again);
    if (again !== 'same' || this.failure || interruptions !== this.interruptions) return false;
    this.isConfirmed = true;
    this.releaseWaiting();
    return true;
  }

  /**
   * Checks for the furthest event until it is found or known to be gone. One check at a time,
   * however many are requested.
   */
  requestCheck(): void {
    if (this.failure || this.stopping.signal.aborted) return;
    this.looking ??= this.look().finally(() => (this.looking = undefined));
  }

  /** Checks once and waits for the answer. Throws LogUnavailable. */
  async assertSame(): Promise<void> {
    const seen = this.parts.furthest.current;
    if (!seen) return;
    const again = await this.parts.server.checkSeen(seen);
    this.conclude(seen, again);
    this.assert();
    if (again !== 'same')
      throw new LogUnavailable(
        'EventStoreDB returned an older end of the log than before; try again',
      );
  }

  /**
   * The log has another event where one was seen: reports it and refuses everything from now on.
   */
  prove(evidence: string): void {
    if (this.failure) return;
    this.failure = new LogWentBack(evidence);
    this.stop();
    this.parts.wentBack(this.failure);
  }

  /** A failed read is retried instead of subscribing again. */
  private async answered(client: NonReconnectingClient, seen: SeenEvent): Promise<SeenEventCheck> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.parts.server.checkSeenOn(client, seen);
      } catch (error) {
        if (attempt === VERIFY_ATTEMPTS || client.isClosed) throw error;
      }
    }
  }

  private async look(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const seen = this.parts.furthest.current;
      if (!seen) return;
      // Without an answer nothing is known: the next request checks again.
      const again = await this.parts.server.checkSeen(seen).catch(() => undefined);
      if (again === undefined || signal.aborted) return;
      this.conclude(seen, again);
      if (again !== 'missing') return;
      await delay(CHECK_AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /**
   * A former leader may lack the event for a moment; a node that lacks it for long was restored.
   */
  private conclude({ stream, revision, at }: SeenEvent, again: SeenEventCheck): void {
    const place = `${stream}@${revision} (commit position ${at.commit})`;
    if (again === 'same') this.missing = undefined;
    else if (again === 'another')
      this.prove(`EventStoreDB has another event than ${place}, which this process has seen`);
    else {
      this.missing ??= { sinceMs: performance.now(), answers: 0 };
      this.missing.answers += 1;
      const forMs = performance.now() - this.missing.sinceMs;
      if (forMs >= this.parts.timeouts.missingMs && this.missing.answers >= MISSING_ANSWERS)
        this.prove(`EventStoreDB ends before ${place}, which this process has seen`);
    }
  }

  private releaseWaiting(): void {
    for (const done of [...this.waiting]) done();
  }
}
