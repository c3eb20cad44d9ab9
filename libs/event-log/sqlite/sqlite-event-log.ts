import type { DatabaseSync } from 'node:sqlite';
import type { CommandId, StreamName } from '../../domain/shared/ids.js';
import { claimOutcome, claimFromEvents } from '../idempotency-claim.js';
import { CommitSignal, follow, type CommitListener, CommitListeners } from '../commits.js';
import { LogUnavailable, type LogWentBack } from '../errors.js';
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
import { GroupCommit } from '../group-commit.js';
import { prepareAppend } from '../prepared-append.js';
import { renderInstant } from '../recorded-at.js';
import { Committer } from './committer.js';
import { LogFile } from './log-file.js';
import {
  eventsOfCommand,
  positionAt,
  readAllPages,
  readStreamPages,
  revisionOf,
} from './log-pages.js';
import { SqliteLogReader } from './sqlite-log-reader.js';

/** How soon other processes' commits are noticed without a call; the limit is 100 ms. */
const POLL_MS = 50;

/**
 * Reports that the file was replaced or has another log than before; the process must end. Plain
 * data.
 */
export interface SqliteLogReport {
  readonly kind: 'log-went-back';
  readonly reason: string;
}

export interface SqliteEventLogOptions {
  readonly file: string;
  /** Milliseconds since the epoch, UTC. */
  readonly clock: () => number;
  /** How long an append waits for another process's transaction; default 5000. */
  readonly lockTimeoutMs?: number;
  readonly report?: (report: SqliteLogReport) => void;
  /** Called with every new connection, before it is used. For fault tests. */
  readonly onConnection?: (database: DatabaseSync) => void;
}

/**
 * The embedded log: one SQLite file, durable at every commit, with appends in shared transactions
 * (GroupCommit). Several processes can use one file. Reads use the connection of the appends: on
 * one thread they never see an open transaction.
 */
export class SqliteEventLog extends EventLog {
  readonly capabilities = { guards: 'atomic' } as const;
  private readonly listeners = new CommitListeners();
  private readonly commits = new CommitSignal();
  private readonly committer: Committer;
  private readonly queue: GroupCommit;
  private readonly poll: NodeJS.Timeout;
  private closing = false;

  /**
   * Opens or creates the log. Reads only its last event, however long the log is. Throws
   * LogUnavailable.
   */
  static async open({
    clock,
    report = () => undefined,
    ...options
  }: SqliteEventLogOptions): Promise<SqliteEventLog> {
    const wentBack = (error: LogWentBack): void => {
      log.commits.close();
      report({ kind: 'log-went-back', reason: error.message });
    };
    const log: SqliteEventLog = new SqliteEventLog(new LogFile(options, wentBack), clock);
    return log;
  }

  /**
   * The log without write access, on its own connection: for a worker thread. The log must
   * exist.
   */
  static async openReader(options: { readonly file: string }): Promise<SqliteLogReader> {
    return SqliteLogReader.open(options);
  }

  private constructor(
    private readonly file: LogFile,
    clock: () => number,
  ) {
    super();
    this.committer = new Committer(file, clock, (events) => this.publish(events));
    this.queue = new GroupCommit((batch) => this.committer.commit(batch));
    this.poll = setInterval(() => this.catchUpQuietly(), POLL_MS).unref();
  }

  async append(append: Append): Promise<Appended> {
    if (this.closing) throw new LogUnavailable(`${this.file.path} has been closed`);
    return this.queue.add(prepareAppend(append));
  }

  /**
   * Reserves nothing: (commandId, index) is unique in the append's own transaction
   * (idempotency-claim.ts).
   */
  async claim({ commandId }: IdempotencyClaim): Promise<ClaimOutcome> {
    return claimOutcome(await this.eventsOfCommand(commandId));
  }

  async claimOn(commandId: CommandId): Promise<TakenClaim | undefined> {
    return claimFromEvents(await this.eventsOfCommand(commandId));
  }

  async releaseClaim(_commandId: CommandId): Promise<void> {
    // Claims reserve nothing on this log.
  }

  async eventsOfCommand(commandId: CommandId): Promise<readonly LoggedEvent[]> {
    return this.file.use((connection) => eventsOfCommand(connection, commandId));
  }

  async head(): Promise<Position> {
    this.committer.catchUp();
    return this.committer.knownHead;
  }

  async revisionOf(stream: StreamName): Promise<number> {
    return revisionOf(this.file, stream);
  }

  readStream(stream: StreamName, options: ReadStream = {}): AsyncIterable<readonly LoggedEvent[]> {
    return readStreamPages(this.file, stream, options);
  }

  readAll(options: ReadAll): AsyncIterable<Page> {
    return readAllPages(this.file, options);
  }

  subscribe(options: Subscribe): AsyncIterable<Page> {
    return follow((cut) => readAllPages(this.file, cut), this.commits, options);
  }

  async positionAt(instant: string): Promise<Position> {
    return positionAt(this.file, instant);
  }

  async lastRecordedAt(): Promise<string | undefined> {
    const { position, recordedAtMs } = this.file.use((connection) => connection.head());
    return position === -1 ? undefined : renderInstant(recordedAtMs);
  }

  onCommitted(listener: CommitListener): () => void {
    return this.listeners.add(listener);
  }

  async catchUp(): Promise<void> {
    this.committer.catchUp();
  }

  /** Waits for running appends; subscriptions end. */
  async close(): Promise<void> {
    this.closing = true;
    clearInterval(this.poll);
    await this.queue.drained();
    this.commits.close();
    this.file.close();
  }

  private publish(events: readonly LoggedEvent[]): void {
    if (events.length === 0) return;
    this.listeners.publish(events);
    this.commits.notify();
  }

  private catchUpQuietly(): void {
    try {
      this.committer.catchUp();
    } catch {
      // The next append, read or catch-up reports the fault of the store; a timer has no caller.
    }
  }
}
