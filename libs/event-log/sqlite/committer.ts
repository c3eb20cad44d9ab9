import { setTimeout } from 'node:timers/promises';
import type { LoggedEvent, Position } from '../event-log.js';
import type { AppendOutcome } from '../group-commit.js';
import type { PreparedAppend } from '../prepared-append.js';
import { nextRecordedAt } from '../recorded-at.js';
import { AppendBatch } from './append-batch.js';
import type { Connection } from './connection.js';
import { asCommitFault, asLogFault, isLocked } from './errors.js';
import type { LogFile } from './log-file.js';
import { LastSeen, StreamHeads } from './log-heads.js';
import { logPage } from './log-pages.js';

/** Between two attempts to lock the log; the thread serves other work meanwhile. */
const LOCK_RETRY_MS = 10;

/**
 * Writes batches and maintains the heads of the log and its streams in memory. They advance only
 * after COMMIT, or when events of another process are read.
 */
export class Committer {
  private readonly heads = new StreamHeads();
  private readonly lastSeen: LastSeen;

  constructor(
    private readonly file: LogFile,
    private readonly clock: () => number,
    /** Called for every commit in the log's order, including those of other processes. */
    private readonly publish: (events: readonly LoggedEvent[]) => void,
  ) {
    this.lastSeen = file.use((connection) => new LastSeen(connection));
  }

  /** The last position that this process has read: the log's last after a catch-up. */
  get knownHead(): Position {
    return this.lastSeen.position;
  }

  commit(
    batch: readonly PreparedAppend[],
  ): readonly AppendOutcome[] | Promise<readonly AppendOutcome[]> {
    return this.attempt(batch) ?? this.whenUnlocked(batch);
  }

  private async whenUnlocked(batch: readonly PreparedAppend[]): Promise<readonly AppendOutcome[]> {
    const deadline = performance.now() + this.file.lockTimeoutMs;
    for (;;) {
      await setTimeout(LOCK_RETRY_MS);
      const outcomes = this.attempt(batch, performance.now() >= deadline);
      if (outcomes) return outcomes;
    }
  }

  /** Undefined if another process is writing; nothing was done in that case. */
  private attempt(
    batch: readonly PreparedAppend[],
    isLast = false,
  ): readonly AppendOutcome[] | undefined {
    try {
      return this.file.use((connection) => this.transact(connection, batch));
    } catch (fault) {
      return isLocked(fault) && !isLast ? undefined : batch.map(() => ({ error: fault }));
    }
  }

  /**
   * Reads the events of other processes and passes them to the listeners. Costs one pragma when
   * there are none.
   */
  catchUp(): void {
    this.file.assertSameFile();
    this.file.use((connection) => {
      const dataVersion = connection.dataVersion();
      if (dataVersion === connection.seenDataVersion) return;
      this.lastSeen.assertIn(connection, this.file.path);
      this.readForeign(connection);
      connection.seenDataVersion = dataVersion;
    });
  }

  private transact(
    connection: Connection,
    appends: readonly PreparedAppend[],
  ): readonly AppendOutcome[] {
    this.file.assertSameFile();
    connection.begin();
    const foreign: LoggedEvent[] = [];
    try {
      const head = this.applyForeign(connection, foreign);
      const batch = new AppendBatch(
        connection,
        this.heads,
        head.position,
        nextRecordedAt(this.clock(), head.recordedAtMs),
      );
      const outcomes = appends.map((append) => batch.append(append));
      this.commitTransaction(connection);
      // If the file was replaced in between, the appends are lost with it.
      this.file.assertSameFile();
      this.moveTo(batch, foreign);
      return outcomes;
    } catch (fault) {
      this.abandon(connection);
      this.publish(foreign);
      throw asLogFault(fault, this.file.path);
    }
  }

  private commitTransaction(connection: Connection): void {
    try {
      connection.database.exec('COMMIT');
    } catch (error) {
      throw asCommitFault(error, this.file.path);
    }
  }

  private moveTo(batch: AppendBatch, foreign: readonly LoggedEvent[]): void {
    for (const [stream, head] of batch.heads) this.heads.set(stream, head);
    this.lastSeen.moveTo(batch.events.at(-1));
    this.publish(foreign);
    this.publish(batch.events);
  }

  /** Drops the connection and the caches: they may contain data of the failed transaction. */
  private abandon(connection: Connection): void {
    try {
      if (connection.database.isTransaction) connection.database.exec('ROLLBACK');
    } catch {
      // Closing the connection also rolls back, and the first fault is the one to report.
    }
    this.file.drop();
    this.heads.clear();
  }

  /**
   * Runs inside the transaction, where no other process can append: after it the heads are exact.
   */
  private applyForeign(
    connection: Connection,
    foreign: LoggedEvent[],
  ): { readonly position: Position; readonly recordedAtMs: number } {
    this.lastSeen.assertIn(connection, this.file.path);
    const head = connection.head();
    while (this.lastSeen.position < head.position)
      foreign.push(...this.nextForeign(connection, head.position));
    return head;
  }

  private readForeign(connection: Connection): void {
    const { position } = connection.head();
    while (this.lastSeen.position < position) this.publish(this.nextForeign(connection, position));
  }

  private nextForeign(connection: Connection, upTo: Position): readonly LoggedEvent[] {
    const page = logPage(connection, { after: this.lastSeen.position, limit: Infinity, upTo });
    this.heads.drop(page.events);
    this.lastSeen.moveTo(page.events.at(-1));
    return page.events;
  }
}
