import { setTimeout } from 'node:timers/promises';
import type { LoggedEvent, Position } from '../event-log.js';
import type { Outcome } from '../group-commit.js';
import type { PreparedAppend } from '../prepared-append.js';
import { nextRecordedAt } from '../recorded-at.js';
import { Batch } from './batch.js';
import type { Connection } from './connection.js';
import { asCommitFault, asLogFault, isLocked } from './errors.js';
import type { LogFile } from './log-file.js';
import { LastSeen, StreamHeads } from './log-heads.js';
import { logPage } from './log-pages.js';

/**
 * Between two looks whether another process still has the log; the thread serves others meanwhile.
 */
const LOOK_AGAIN_MS = 10;

/**
 * Writes batches and keeps what this process knows of the log: its head and the heads of its
 * streams. They move after COMMIT only, or when another process's events are seen.
 */
export class Committer {
  private readonly heads = new StreamHeads();
  private readonly seen: LastSeen;

  constructor(
    private readonly file: LogFile,
    private readonly clock: () => number,
    /** Is told of every commit in the log's order, other processes' included. */
    private readonly tell: (events: readonly LoggedEvent[]) => void,
  ) {
    this.seen = file.use((connection) => new LastSeen(connection));
  }

  /** The last event that this process knows of: the log's last, behind a catch-up. */
  get knownHead(): Position {
    return this.seen.position;
  }

  commit(batch: readonly PreparedAppend[]): readonly Outcome[] | Promise<readonly Outcome[]> {
    return this.attempt(batch) ?? this.onceUnlocked(batch);
  }

  private async onceUnlocked(batch: readonly PreparedAppend[]): Promise<readonly Outcome[]> {
    const deadline = performance.now() + this.file.lockTimeoutMs;
    for (;;) {
      await setTimeout(LOOK_AGAIN_MS);
      const outcomes = this.attempt(batch, performance.now() >= deadline);
      if (outcomes) return outcomes;
    }
  }

  /** Undefined: another process writes, and nothing was done. */
  private attempt(
    batch: readonly PreparedAppend[],
    isLast = false,
  ): readonly Outcome[] | undefined {
    try {
      return this.file.use((connection) => this.transact(connection, batch));
    } catch (fault) {
      return isLocked(fault) && !isLast ? undefined : batch.map(() => ({ error: fault }));
    }
  }

  /** Applies and tells what other processes have appended. One pragma when there is nothing. */
  catchUp(): void {
    this.file.assertSameFile();
    this.file.use((connection) => {
      const dataVersion = connection.dataVersion();
      if (dataVersion === connection.seenDataVersion) return;
      this.seen.assertIn(connection, this.file.path);
      this.readForeign(connection);
      connection.seenDataVersion = dataVersion;
    });
  }

  private transact(connection: Connection, appends: readonly PreparedAppend[]): readonly Outcome[] {
    this.file.assertSameFile();
    connection.begin();
    const foreign: LoggedEvent[] = [];
    try {
      const head = this.applyForeign(connection, foreign);
      const batch = new Batch(
        connection,
        this.heads,
        head.position,
        nextRecordedAt(this.clock(), head.recordedAtMs),
      );
      const outcomes = appends.map((append) => batch.append(append));
      this.commitTransaction(connection);
      // A file that was replaced in between has taken the appends with it.
      this.file.assertSameFile();
      this.moveTo(batch, foreign);
      return outcomes;
    } catch (fault) {
      this.abandon(connection);
      this.tell(foreign);
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

  private moveTo(batch: Batch, foreign: readonly LoggedEvent[]): void {
    for (const [stream, head] of batch.heads) this.heads.set(stream, head);
    this.seen.moveTo(batch.events.at(-1));
    this.tell(foreign);
    this.tell(batch.events);
  }

  /**
   * A new connection and empty caches: whatever they held may be of a transaction that is no more.
   */
  private abandon(connection: Connection): void {
    try {
      if (connection.database.isTransaction) connection.database.exec('ROLLBACK');
    } catch {
      // Closing the connection rolls back as well, and the fault that led here is the one to tell.
    }
    this.file.drop();
    this.heads.forget();
  }

  /**
   * Inside the transaction, where no other process can append any more: from here on the heads are
   * exact.
   */
  private applyForeign(
    connection: Connection,
    foreign: LoggedEvent[],
  ): { readonly position: Position; readonly recordedAtMs: number } {
    this.seen.assertIn(connection, this.file.path);
    const head = connection.head();
    while (this.seen.position < head.position)
      foreign.push(...this.nextForeign(connection, head.position));
    return head;
  }

  private readForeign(connection: Connection): void {
    const { position } = connection.head();
    while (this.seen.position < position) this.tell(this.nextForeign(connection, position));
  }

  private nextForeign(connection: Connection, upTo: Position): readonly LoggedEvent[] {
    const page = logPage(connection, { after: this.seen.position, limit: Infinity, upTo });
    this.heads.moved(page.events);
    this.seen.moveTo(page.events.at(-1));
    return page.events;
  }
}
