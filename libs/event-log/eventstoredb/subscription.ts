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
import { Backoff, Deadline, type Timeouts } from './timeouts.js';

export interface SubscriptionParts {
  readonly connection: Connection;
  readonly known: LocalLog;
  readonly prefix: string;
  readonly report: LogReporter;
  readonly continuity: Pick<LogContinuity, 'verify' | 'unconfirm' | 'prove'>;
}

/**
 * The one subscription of a process. It feeds what is known of the log, in the turn in which it
 * arrives, and begins again behind the last event that was taken whenever it ends, whatever the
 * reason. The server's checkpoints are not used: they come before the events ahead of them are
 * consumed, and some servers send one behind which nothing would ever come.
 */
export class AllSubscription {
  private drop: (reason: string) => void = () => undefined;
  private stream: AllStreamSubscription | undefined;
  private held = false;
  private begun = false;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly parts: SubscriptionParts) {
    parts.connection.onReplaced(() => this.begin('the client was replaced'));
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Drops what there is and subscribes anew. */
  begin(reason: string): void {
    this.drop(reason);
  }

  /**
   * Something is known to be in the log and has not come: unless it is kept from coming, the
   * subscription is dead without saying so.
   */
  suspect(): void {
    if (!this.held) this.drop('it has gone silent');
  }

  /** Takes nothing more until it is let go on: what is known has no room left. */
  hold(held: boolean): void {
    if (this.held === held) return;
    this.held = held;
    if (held) this.stream?.pause();
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
      const { head } = this.parts.known;
      this.begun = false;
      const reason = await this.follow();
      if (this.stopped) return;
      if (this.parts.known.head > head) backoff.reset();
      const retryInMs = Math.round(backoff.nextMs());
      // What never began did not end: that the server cannot be reached the connection has told.
      if (this.begun) this.parts.report({ kind: 'log-subscription-dropped', reason, retryInMs });
      await delay(retryInMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  /** Until it ends, and why it did. */
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
      this.drop('it was given up');
      this.drop = () => undefined;
      this.stream = undefined;
      if (subscription) end(subscription);
    }
  }

  /**
   * Nothing is taken before the node is known to have what was seen: a restored one is subscribed
   * to like one that was restarted.
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
    if (!this.held) subscription.resume();
  }

  private subscribe(
    client: NonReconnectingClient,
    dropped: (reason: string) => void,
  ): AllStreamSubscription {
    const { known, prefix, continuity } = this.parts;
    const subscription = client.subscribeAfter(known.countedAt, prefix);
    let over = false;
    const ended = (reason: string): void => {
      over = true;
      dropped(reason);
    };
    this.drop = ended;
    subscription.on('error', (error: unknown) =>
      ended(error instanceof Error ? error.message || error.name : String(error)),
    );
    subscription.on('end', () => ended('the server has ended it'));
    subscription.on('close', () => ended('it was closed'));
    subscription.on('data', ({ event }: AllStreamResolvedEvent) => {
      if (over || !event) return;
      try {
        const taken = known.take(event);
        if (taken === 'gap') ended('it left something out');
        if (taken !== 'contradiction') return;
        ended('it brought another event than before');
        continuity.prove(
          `EventStoreDB brought ${event.streamId}@${event.revision} where this process has seen another event`,
        );
      } catch (defect) {
        // Thrown into the client it would be an unhandled rejection, and the subscription would
        // stall.
        ended(`an event could not be taken: ${String(defect)}`);
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
 * Waits until the subscription has brought what is known to be in the log, and sees to it that it
 * does.
 */
export class SubscriptionWait {
  constructor(
    private readonly known: LocalLog,
    private readonly subscription: Pick<AllSubscription, 'suspect'>,
    private readonly timeouts: Timeouts,
  ) {}

  /** Whether it has come while a reader waits. */
  forRead(at: AllPosition): Promise<boolean> {
    return this.of(at, new Deadline(this.timeouts.readMs));
  }

  /** Whether it has come before the deadline. */
  async of(at: AllPosition, deadline: Deadline): Promise<boolean> {
    while (!this.known.commits.closed) {
      const { receivedCount } = this.known;
      if (
        await this.known.passing.passed(at, Math.min(this.timeouts.subscriptionMs, deadline.leftMs))
      )
        return true;
      if (deadline.passed) return false;
      if (this.known.receivedCount === receivedCount) this.subscription.suspect();
    }
    return false;
  }

  /**
   * As long as anything comes, however much there is to come. Throws LogUnavailable when nothing
   * does for so long.
   */
  async whileProgressing(at: AllPosition, standstillMs: number): Promise<void> {
    for (;;) {
      const { receivedCount } = this.known;
      if (await this.of(at, new Deadline(standstillMs))) return;
      if (this.known.receivedCount === receivedCount)
        throw new LogUnavailable('the subscription to EventStoreDB brings nothing');
    }
  }
}

/**
 * While a long log is counted something arrives all the time; so long without anything, and it is
 * given up.
 */
const STANDSTILL_MS = 10_000;

/** Has the subscription bring what is in the log. Both throw LogUnavailable. */
export class CatchUp {
  constructor(
    private readonly end: LogEnd,
    private readonly arrival: SubscriptionWait,
  ) {}

  /**
   * All that was in the log at the call: one read of the leader, shared by all who ask at the same
   * time.
   */
  async now(): Promise<void> {
    const last = await this.end.find();
    if (last && !(await this.arrival.forRead(last))) {
      throw new LogUnavailable('the subscription to EventStoreDB is behind; try again');
    }
  }

  /**
   * The same, with as long as it takes while anything comes: a log that is counted from its
   * beginning.
   */
  async completely(): Promise<void> {
    const last = await this.end.find();
    if (last) await this.arrival.whileProgressing(last, STANDSTILL_MS);
  }
}
