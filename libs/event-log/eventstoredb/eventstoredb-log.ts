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
  type Page,
  type Position,
  type ReadAll,
  type ReadStream,
  type Subscribe,
} from '../event-log.js';
import { follow, type CommitListener } from '../commits.js';
import { prepareAppend } from '../prepared-append.js';
import { parseInstant } from '../recorded-at.js';
import { AppendAttempts } from './append-attempts.js';
import { Appender, PendingAppends, AppendQueues } from './append.js';
import { ClaimStore } from './claim-store.js';
import { parseServerUrl } from './connection-string.js';
import { Connection } from './connection.js';
import { LogContinuity } from './continuity.js';
import { EventFetch, IndexRows } from './event-lookup.js';
import { IndexWriter, startPoint } from './index-writer.js';
import { LocalLog } from './local-log.js';
import { LogEnd, logOrigin } from './log-bounds.js';
import { LogReads, LogScan } from './log-reads.js';
import { refuseUnfinishedMigration } from './migration.js';
import type { PositionIndex, AllPosition, IndexRow } from './position-index.js';
import { MAX_RECENT_EVENTS } from './recent-events.js';
import { RecordingClock } from './recording-clock.js';
import type { LogReporter } from './report.js';
import { ServerReads } from './server-reads.js';
import { StreamNames } from './stored-form.js';
import { AllSubscription, SubscriptionWait, CatchUp } from './subscription.js';
import { type Timeouts, TIMEOUTS, Deadline } from './timeouts.js';

export interface EventStoreDbLogOptions {
  /**
   * A connection string. `urlFindings` lists its errors; opening with an invalid one throws a
   * RangeError.
   */
  readonly url: string;
  /** The prefix of all stream names on the server. */
  readonly prefix: string;
  /** Milliseconds since the epoch, UTC. */
  readonly clock: () => number;
  readonly index: PositionIndex;
  /** Whether this process writes the index. Others write it only if no process does. */
  readonly writesIndex: boolean;
  readonly report?: LogReporter;
  /** Shorter in tests. */
  readonly timeouts?: Timeouts;
  /** How many recent events stay in memory. Fewer in tests. */
  readonly recentEvents?: number;
}

/**
 * The log in EventStoreDB. Appends are unary calls, retried until their outcome is known. One
 * subscription to `$all` counts the dense positions, and an append is acknowledged only after the
 * subscription has delivered its events. Any number of processes can use one log.
 */
export class EventStoreDbLog extends EventLog {
  readonly capabilities = { guards: 'none' } as const;
  private closed = false;

  /** Reads the end of the index and the events after it, not the whole log. Throws LogUnavailable. */
  static async open({
    report = () => undefined,
    timeouts = TIMEOUTS,
    recentEvents = MAX_RECENT_EVENTS,
    ...options
  }: EventStoreDbLogOptions): Promise<EventStoreDbLog> {
    const wentBack = (error: LogWentBack): void => {
      report({ kind: 'log-went-back', reason: error.message });
      log.forgetEverything();
    };
    const log: EventStoreDbLog = new EventStoreDbLog(
      assemble({ ...options, report, timeouts, recentEvents }, () => log.closed, wentBack),
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
    return this.parts.appender.append(prepared);
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
    return this.parts.local.head;
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
      (options.upTo !== undefined && options.upTo <= this.parts.local.head);
    if (!isKnown) await this.catchUp();
    yield* this.parts.reading.pages(options);
  }

  /**
   * Follows the local log, which all subscribers share, without a read of the leader for each page.
   */
  subscribe(options: Subscribe): AsyncIterable<Page> {
    return follow((cut) => this.parts.reading.pages(cut), this.parts.local.commits, options);
  }

  async positionAt(instant: string): Promise<Position> {
    const instantMs = parseInstant(instant);
    await this.catchUp();
    return this.parts.rows.positionAt(instantMs);
  }

  async lastRecordedAt(): Promise<string | undefined> {
    await this.catchUp();
    return this.parts.local.lastRecordedAt;
  }

  onCommitted(listener: CommitListener): () => void {
    return this.parts.local.listeners.add(listener);
  }

  /** One read of the leader, shared by concurrent callers. */
  async catchUp(): Promise<void> {
    this.assertOpen();
    await this.parts.catchUp.now();
  }

  override clockOffsetMs(): number {
    return this.parts.clock.offsetMs;
  }

  /** Waits for running appends until the close timeout; those still running then end as unknown. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const { appender, local, subscription, indexWriter, connection, continuity } = this.parts;
    await appender.close();
    continuity.stop();
    local.commits.close();
    local.progress.end();
    await subscription.stop();
    await indexWriter.stop();
    await connection.close();
  }

  private async begin(): Promise<void> {
    const { server, names, count, subscription, indexWriter, catchUp, continuity } = this.parts;
    await refuseUnfinishedMigration(server, names);
    const row = await count();
    subscription.start();
    indexWriter.start(row);
    continuity.start();
    await catchUp.completely();
  }

  /**
   * Ends the subscriptions and the waiting appends, and keeps rows of the former log out of the
   * index.
   */
  private forgetEverything(): void {
    const { local, subscription } = this.parts;
    local.commits.close();
    local.progress.end();
    local.recentRows.clear();
    local.recent.clear();
    void subscription.stop();
  }

  private assertOpen(): void {
    this.parts.continuity.assert();
    if (this.closed) throw new LogUnavailable('the log has been closed');
  }
}

export type LogParts = ReturnType<typeof assemble>;

/** Builds the parts of the log and connects them. Calls nothing on the server. */
export function assemble(
  options: Required<EventStoreDbLogOptions>,
  closed: () => boolean,
  wentBack: (error: LogWentBack) => void,
) {
  const { url, prefix, index, writesIndex, report, timeouts } = options;
  const names = new StreamNames(prefix);
  const pending = new PendingAppends();
  const clock: RecordingClock = new RecordingClock(options.clock, () => local);
  const local: LocalLog = new LocalLog(
    names,
    report,
    (event, stored) => {
      clock.arrived(stored);
      pending.receive(event, stored.writer);
    },
    options.recentEvents,
  );
  const connection = new Connection(parseServerUrl(url), report, timeouts);
  const server = new ServerReads(connection, prefix, closed, local);
  const continuity = new LogContinuity({ furthest: local.furthest, server, timeouts, wentBack });
  local.onCheckRequested = () => continuity.requestCheck();
  const subscription = new AllSubscription({ connection, local, prefix, report, continuity });
  const wait = new SubscriptionWait(local, subscription, timeouts);
  const rows = new IndexRows(local, index);
  const fetch = new EventFetch(server, local, names);
  let origin: AllPosition | undefined;
  const scan = new LogScan(server, rows, names, () => origin);
  const reading = new LogReads({ server, local, rows, scan, fetch, wait, names });
  const appends = new AppendAttempts(connection, server, continuity);
  const queues = new AppendQueues();
  /**
   * Starts the count after the index's last row: at the beginning, and when the index turns out to
   * be of another log.
   */
  const count = async (): Promise<IndexRow | undefined> => {
    origin ??= await logOrigin(server, appends, names, {
      deadline: new Deadline(timeouts.commandMs),
      stopped: closed,
    });
    // The local log must not judge an index that others have built from the present log.
    if (local.countedAt) await continuity.assertSame();
    const start = await startPoint({ index, server, names, local, timeouts }, origin);
    subscription.begin('the index is counted again');
    local.begin(start);
    return start.row;
  };

  return {
    names,
    clock,
    local,
    connection,
    continuity,
    subscription,
    wait,
    server,
    rows,
    fetch,
    reading,
    count,
    appender: new Appender({ appends, pending, wait, reading, queues, names, clock, timeouts }),
    claims: new ClaimStore({ appends, server, queues, names, clock, timeouts, closed }),
    catchUp: new CatchUp(new LogEnd(server, names), wait),
    indexWriter: new IndexWriter({
      index,
      local,
      subscription,
      writesIndex,
      report,
      restartCount: count,
    }),
  };
}
