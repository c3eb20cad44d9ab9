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
import { Appender, PendingAppends, StreamQueues } from './append.js';
import { ClaimStore } from './claim-store.js';
import { parseServerUrl } from './connection-string.js';
import { Connection } from './connection.js';
import { LogContinuity } from './continuity.js';
import { EventFetch, Rows } from './event-lookup.js';
import { IndexWriter, startPoint } from './index-writer.js';
import { LocalLog } from './local-log.js';
import { LogEnd, logOrigin } from './log-bounds.js';
import { Reading, LogScan } from './log-reads.js';
import { refuseUnfinishedMigration } from './migration.js';
import type { LogIndex, AllPosition, IndexedEvent } from './position-index.js';
import { MAX_RECENT_EVENTS } from './recent-events.js';
import { RecordingClock } from './recording-clock.js';
import type { LogReporter } from './report.js';
import { ServerReads } from './server-reads.js';
import { StreamNames } from './stored-form.js';
import { AllSubscription, SubscriptionWait, CatchUp } from './subscription.js';
import { type Timeouts, TIMEOUTS, Deadline } from './timeouts.js';

export interface EventStoreDbLogOptions {
  /** `urlFindings` says what is wrong with one; opening with it throws a RangeError. */
  readonly url: string;
  /** Of all stream names on the server. */
  readonly prefix: string;
  /** Milliseconds since the epoch, UTC. */
  readonly clock: () => number;
  readonly index: LogIndex;
  /** Whether this process writes the index; others do so only when nobody else does. */
  readonly writesIndex: boolean;
  readonly report?: LogReporter;
  /** Tests have less of it. */
  readonly timeouts?: Timeouts;
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
    await catchUp.completely();
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
  const clock: RecordingClock = new RecordingClock(options.clock, () => known);
  const known: LocalLog = new LocalLog(
    names,
    report,
    (event, stored) => {
      clock.arrived(stored);
      pending.receive(event, stored.writer);
    },
    options.recentEvents,
  );
  const connection = new Connection(parseServerUrl(url), report, timeouts);
  const server = new ServerReads(connection, prefix, closed, known);
  const continuity = new LogContinuity({ furthest: known.furthest, server, timeouts, wentBack });
  known.onCheckRequested = () => continuity.requestCheck();
  const subscription = new AllSubscription({ connection, known, prefix, report, continuity });
  const arrival = new SubscriptionWait(known, subscription, timeouts);
  const rows = new Rows(known, index);
  const fetch = new EventFetch(server, known, names);
  let origin: AllPosition | undefined;
  const scan = new LogScan(server, rows, names, () => origin);
  const reading = new Reading({ server, known, rows, scan, fetch, arrival, names });
  const appends = new AppendAttempts(connection, server, continuity);
  const queues = new StreamQueues();
  /** From where the index ends; at first, or when it has turned out to be another log's. */
  const count = async (): Promise<IndexedEvent | undefined> => {
    origin ??= await logOrigin(server, appends, names, {
      deadline: new Deadline(timeouts.commandMs),
      stopped: closed,
    });
    // What this process knows must not decide over an index that others have made of the log as it
    // is.
    if (known.countedAt) await continuity.assertSame();
    const start = await startPoint({ index, server, names, known, timeouts }, origin);
    subscription.begin('the index is counted again');
    known.begin(start);
    return start.row;
  };

  return {
    names,
    clock,
    known,
    connection,
    continuity,
    subscription,
    arrival,
    server,
    rows,
    fetch,
    reading,
    count,
    appending: new Appender({ appends, pending, arrival, reading, queues, names, clock, timeouts }),
    claims: new ClaimStore({ appends, server, queues, names, clock, timeouts, closed }),
    catchUp: new CatchUp(new LogEnd(server, names), arrival),
    keeping: new IndexWriter({
      index,
      known,
      subscription,
      writesIndex,
      report,
      restartCount: count,
    }),
  };
}
