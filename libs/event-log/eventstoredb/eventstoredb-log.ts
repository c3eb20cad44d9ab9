import type { CommandId, StreamName } from '../../domain/shared/ids.js';
import { LogUnavailable, type LogWentBack, UnfitEvent } from '../errors.js';
import {
  type Append,
  type Appended,
  type IdempotencyClaim,
  type ClaimOutcome,
  EventLog,
  type LoggedEvent,
  type TakenClaim,
} from '../event-log.js';
import type { Page, Position, ReadAll, ReadStream, Subscribe } from '../event-log.js';
import { follow } from '../follow.js';
import type { CommitListener } from '../listeners.js';
import { prepareAppend } from '../prepared-append.js';
import { parseInstant } from '../recorded-at.js';
import type { LogIndex } from './log-index.js';
import { assemble, type LogParts } from './log-parts.js';
import { refuseUnfinishedMigration } from './migration-marker.js';
import { type Timeouts, TIMEOUTS } from './timeouts.js';
import type { LogReporter } from './report.js';
import { MAX_RECENT_EVENTS } from './recent-events.js';

export interface EventStoreDbLogOptions {
  /** `urlFindings` says what is wrong with one; opening with it throws a RangeError. */
  readonly url: string;
  /** Of all stream names on the server. */
  readonly prefix: string;
  /** Milliseconds since the epoch, UTC. */
  readonly clock: () => number;
  readonly index: LogIndex;
  /** Whether this process writes the index; others do so only when nobody else does. */
  readonly keepsIndex: boolean;
  readonly report?: LogReporter;
  /** Tests have less of it. */
  readonly patience?: Timeouts;
  /** How many of the last events stay in memory. Tests keep fewer. */
  readonly recentEvents?: number;
}

/**
 * The log in EventStoreDB. Appends are unary calls, retried until their outcome is known; one
 * subscription to `$all` counts the dense positions, and nothing is acknowledged before it has
 * handed it over. Any number of processes may use one log.
 */
export class EventStoreDbLog extends EventLog {
  readonly capabilities = { guards: 'none' } as const;
  private closed = false;

  /**
   * Reads the end of the index and what came after it, however long the log is. Throws
   * LogUnavailable.
   */
  static async open({
    report = () => undefined,
    patience = TIMEOUTS,
    recentEvents = MAX_RECENT_EVENTS,
    ...options
  }: EventStoreDbLogOptions): Promise<EventStoreDbLog> {
    const wentBack = (error: LogWentBack): void => {
      report({ kind: 'log-went-back', reason: error.message });
      log.forgetEverything();
    };
    const log: EventStoreDbLog = new EventStoreDbLog(
      assemble({ ...options, report, patience, recentEvents }, () => log.closed, wentBack),
    );
    try {
      await log.begin();
      return log;
    } catch (error) {
      await log.close();
      throw error;
    }
  }

  private constructor(private readonly parts: LogParts) {
    super();
  }

  async append(append: Append): Promise<Appended> {
    this.assertOpen();
    const prepared = prepareAppend(append);
    if (prepared.guards.length > 0) throw new UnfitEvent('this log checks no guards');
    return this.parts.appending.append(prepared);
  }

  async claim(claim: IdempotencyClaim, over?: IdempotencyClaim): Promise<ClaimOutcome> {
    this.assertOpen();
    return this.parts.claims.claim(claim, over);
  }

  async claimOn(commandId: CommandId): Promise<TakenClaim | undefined> {
    this.assertOpen();
    return this.parts.claims.current(commandId);
  }

  async releaseClaim(commandId: CommandId, claimant?: string): Promise<void> {
    this.assertOpen();
    await this.parts.claims.release(commandId, claimant);
  }

  async eventsOfCommand(commandId: CommandId): Promise<readonly LoggedEvent[]> {
    await this.catchUp();
    return this.parts.fetch.events(await this.parts.rows.ofCommand(commandId));
  }

  async head(): Promise<Position> {
    await this.catchUp();
    return this.parts.known.head;
  }

  async revisionOf(stream: StreamName): Promise<number> {
    this.assertOpen();
    return this.parts.reading.lastRevision(stream);
  }

  readStream(stream: StreamName, options: ReadStream = {}): AsyncIterable<readonly LoggedEvent[]> {
    this.assertOpen();
    return this.parts.reading.streamPages(stream, options);
  }

  async *readAll(options: ReadAll): AsyncIterable<Page> {
    this.parts.continuity.assert();
    const isKnown =
      options.asKnown === true ||
      (options.upTo !== undefined && options.upTo <= this.parts.known.head);
    if (!isKnown) await this.catchUp();
    yield* this.parts.reading.pages(options);
  }

  /**
   * Follows what this process has been told, which is what the others will be told: no read of the
   * leader a turn.
   */
  subscribe(options: Subscribe): AsyncIterable<Page> {
    return follow((cut) => this.parts.reading.pages(cut), this.parts.known.commits, options);
  }

  async positionAt(instant: string): Promise<Position> {
    const instantMs = parseInstant(instant);
    await this.catchUp();
    return this.parts.rows.positionAt(instantMs);
  }

  async lastRecordedAt(): Promise<string | undefined> {
    await this.catchUp();
    return this.parts.known.lastRecordedAt;
  }

  onCommitted(listener: CommitListener): () => void {
    return this.parts.known.listeners.add(listener);
  }

  /** One read of the leader, shared by all who ask at the same time. */
  async catchUp(): Promise<void> {
    this.assertOpen();
    await this.parts.catchUp.now();
  }

  override clockOffsetMs(): number {
    return this.parts.clock.offsetMs;
  }

  /** Waits a little for the appends under way; what is not known by then ends as unknown. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const { appending, known, subscription, keeping, connection, continuity } = this.parts;
    await appending.close();
    continuity.stop();
    known.commits.close();
    known.passing.end();
    await subscription.stop();
    await keeping.stop();
    await connection.close();
  }

  private async begin(): Promise<void> {
    const { server, names, count, subscription, keeping, catchUp, continuity } = this.parts;
    await refuseUnfinishedMigration(server, names);
    const row = await count();
    subscription.start();
    keeping.start(row);
    continuity.start();
    await catchUp.howeverLong();
  }

  /**
   * Followers hear of nothing more, waiting appends end, and no row of the log that was gets into
   * the index.
   */
  private forgetEverything(): void {
    const { known, subscription } = this.parts;
    known.commits.close();
    known.passing.end();
    known.tail.clear();
    known.recent.clear();
    void subscription.stop();
  }

  private assertOpen(): void {
    this.parts.continuity.assert();
    if (this.closed) throw new LogUnavailable('the log has been closed');
  }
}
