import { setTimeout as delay } from 'node:timers/promises';
import type { AllStreamResolvedEvent, AllStreamSubscription } from '@eventstore/db-client';
import { LogUnavailable } from '../errors.js';
import { end, type NonReconnectingClient } from './client.js';
import type { Connection } from './connection.js';
import type { LogContinuity } from './continuity.js';
import { failureOf, StaleNode } from './errors.js';
import type { LocalLog } from './local-log.js';
import type { LogEnd } from './log-bounds.js';
import type { AllPosition } from './position-index.js';
import type { LogReporter } from './report.js';
import { Backoff } from '../../platform/time/backoff.js';
import { Deadline, type Timeouts } from './timeouts.js';

export interface SubscriptionParts {
  readonly connection: Connection;
  readonly local: LocalLog;
  readonly prefix: string;
  readonly report: LogReporter;
  readonly continuity: Pick<LogContinuity, 'verify' | 'unconfirm' | 'prove'>;
}

/**
 * The one subscription of a process to `$all`. It passes each event to the local log on arrival.
 * When it ends, for any reason, it starts again after the last event taken. It does not use the
 * server's checkpoints: they arrive before the events ahead of them are consumed, and some releases
 * send one that no event ever follows.
 */
export class AllSubscription {
  private drop: (reason: string) => void = () => undefined;
  private stream: AllStreamSubscription | undefined;
  private paused = false;
  private begun = false;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly parts: SubscriptionParts) {
    parts.connection.onReplaced(() => this.begin('the client was replaced'));
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Ends the present subscription, if any, and subscribes again. */
  begin(reason: string): void {
    this.drop(reason);
  }

  /**
   * An event that is in the log has not arrived. Unless the subscription is paused, it is dead
   * without an error.
   */
  suspect(): void {
    if (!this.paused) this.drop('it receives no events');
  }

  /** Pauses the subscription while the local log has no room for more rows. */
  hold(paused: boolean): void {
    if (this.paused === paused) return;
    this.paused = paused;
    if (paused) this.stream?.pause();
    else this.stream?.resume();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.drop('stopped');
    await this.running;
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async run(): Promise<void> {
    const backoff = new Backoff(50, 1_000);
    while (!this.stopped) {
      const { head } = this.parts.local;
      this.begun = false;
      const reason = await this.follow();
      if (this.stopped) return;
      if (this.parts.local.head > head) backoff.reset();
      const retryInMs = backoff.nextMs();
      // A subscription that never began did not end: the connection has reported the outage.
      if (this.begun) this.parts.report({ kind: 'log-subscription-dropped', reason, retryInMs });
      await delay(retryInMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  /** Runs one subscription until it ends; returns the reason. */
  private async follow(): Promise<string> {
    const { connection, continuity } = this.parts;
    const ended = Promise.withResolvers<string>();
    let subscription: AllStreamSubscription | undefined;
    try {
      await connection.call((client) => {
        subscription = this.subscribe(client, ended.resolve);
        return this.trusted(client, subscription, ended.promise);
      }, connection.timeouts.callMs);
      this.begun = true;
      return await ended.promise;
    } catch (error) {
      const failure = failureOf(error);
      return 'reason' in failure ? failure.reason : failure.kind;
    } finally {
      continuity.unconfirm();
      // A subscription that was given up unverified may still receive events: none of them counts.
      this.drop('it was abandoned');
      this.drop = () => undefined;
      this.stream = undefined;
      if (subscription) end(subscription);
    }
  }

  /**
   * Takes no event before the node is known to have the furthest event seen: a restored node
   * accepts a subscription like one that was restarted.
   */
  private async trusted(
    client: NonReconnectingClient,
    subscription: AllStreamSubscription,
    ended: Promise<string>,
  ): Promise<void> {
    await confirmed(subscription, ended);
    // Also false for a subscription that was given up meanwhile.
    if (!(await this.parts.continuity.verify(client))) throw new StaleNode('the log');
    this.stream = subscription;
    if (!this.paused) subscription.resume();
  }

  private subscribe(
    client: NonReconnectingClient,
    dropped: (reason: string) => void,
  ): AllStreamSubscription {
    const { local, prefix, continuity } = this.parts;
    const subscription = client.subscribeAfter(local.countedAt, prefix);
    let over = false;
    const ended = (reason: string): void => {
      over = true;
      dropped(reason);
    };
    this.drop = ended;
    subscription.on('error', (error: unknown) =>
      ended(error instanceof Error ? error.message || error.name : String(error)),
    );
    subscription.on('end', () => ended('the server ended it'));
    subscription.on('close', () => ended('it was closed'));
    subscription.on('data', ({ event }: AllStreamResolvedEvent) => {
      if (over || !event) return;
      try {
        const taken = local.take(event);
        if (taken === 'gap') ended('the server skipped an event');
        if (taken !== 'contradiction') return;
        ended('the server sent another event than before');
        continuity.prove(
          `EventStoreDB sent ${event.streamId}@${event.revision} where this process has seen another event`,
        );
      } catch (defect) {
        // Thrown into the client, the error would become an unhandled rejection and stall the
        // subscription.
        ended(`an event could not be processed: ${String(defect)}`);
      }
    });
    subscription.pause();
    return subscription;
  }
}

async function confirmed(
  subscription: AllStreamSubscription,
  ended: Promise<string>,
): Promise<void> {
  const confirmation = new Promise<undefined>((resolve) =>
    subscription.once('confirmation', () => resolve(undefined)),
  );
  const failure = new Promise<never>((_, reject) => subscription.once('error', reject));
  const reason = await Promise.race([confirmation, failure, ended]);
  if (reason !== undefined) throw new Error(`the subscription ended before it began: ${reason}`);
}

/**
 * Waits until the subscription has reached a position, and restarts the subscription when it
 * stalls.
 */
export class SubscriptionWait {
  constructor(
    private readonly local: LocalLog,
    private readonly subscription: Pick<AllSubscription, 'suspect'>,
    private readonly timeouts: Timeouts,
  ) {}

  /** Whether the position was reached within the timeout of a read. */
  forRead(at: AllPosition): Promise<boolean> {
    return this.of(at, new Deadline(this.timeouts.readMs));
  }

  /** Whether the position was reached before the deadline. */
  async of(at: AllPosition, deadline: Deadline): Promise<boolean> {
    while (!this.local.commits.closed) {
      const { receivedCount } = this.local;
      if (
        await this.local.progress.passed(
          at,
          Math.min(this.timeouts.subscriptionMs, deadline.leftMs),
        )
      )
        return true;
      if (deadline.passed) return false;
      if (this.local.receivedCount === receivedCount) this.subscription.suspect();
    }
    return false;
  }

  /**
   * Waits as long as events keep arriving, however many. Throws LogUnavailable when none arrives
   * for `standstillMs`.
   */
  async whileProgressing(at: AllPosition, standstillMs: number): Promise<void> {
    for (;;) {
      const { receivedCount } = this.local;
      if (await this.of(at, new Deadline(standstillMs))) return;
      if (this.local.receivedCount === receivedCount)
        throw new LogUnavailable('the subscription to EventStoreDB receives no events');
    }
  }
}

/**
 * A long log takes long to count, but events arrive all the time. After this long without any, the
 * process gives up.
 */
const STANDSTILL_MS = 10_000;

/**
 * Brings the local log up to the end of the log on the server. Both methods throw LogUnavailable.
 */
export class CatchUp {
  constructor(
    private readonly end: LogEnd,
    private readonly wait: SubscriptionWait,
  ) {}

  /**
   * Up to the end of the log at the time of the call, with one read of the leader that concurrent
   * callers share.
   */
  async now(): Promise<void> {
    const last = await this.end.find();
    if (last && !(await this.wait.forRead(last))) {
      throw new LogUnavailable(
        'the subscription to EventStoreDB has not reached the end of the log yet; try again',
      );
    }
  }

  /** The same without a limit as long as events arrive: for counting a log from its beginning. */
  async completely(): Promise<void> {
    const last = await this.end.find();
    if (last) await this.wait.whileProgressing(last, STANDSTILL_MS);
  }
}
