import { statSync } from 'node:fs';
import { LogUnavailable, LogWentBack } from '../errors.js';
import { Connection } from './connection.js';
import { asLogFault, connectionSurvives } from './errors.js';
import { lockTimeoutOf, type SqliteLogOptions } from './schema.js';

/**
 * The log's file: opens its connection, and a new one after a fault of the store, so that the log
 * works again once the fault is fixed.
 */
export class LogFile {
  private connection: Connection | undefined;
  private closed = false;
  private wentBack: LogWentBack | undefined;
  /** Undefined until the first connection has created the file. */
  private readonly identity: FileIdentity | undefined;

  /** `onWentBack` is called once, when the file is no longer the log that was opened. */
  constructor(
    private readonly options: SqliteLogOptions,
    private readonly onWentBack: (error: LogWentBack) => void = () => undefined,
  ) {
    this.use((connection) => connection.head());
    this.identity = new FileIdentity(options.file);
  }

  get path(): string {
    return this.options.file;
  }

  get lockTimeoutMs(): number {
    return lockTimeoutOf(this.options);
  }

  use<Value>(work: (connection: Connection) => Value): Value {
    if (this.wentBack) throw this.wentBack;
    if (this.closed) throw new LogUnavailable(`${this.path} has been closed`);
    try {
      return work((this.connection ??= this.opened()));
    } catch (error) {
      if (error instanceof LogWentBack) this.lose(error);
      if (!connectionSurvives(error)) this.drop();
      throw asLogFault(error, this.path);
    }
  }

  /** Throws LogWentBack; after that every use throws it. */
  assertSameFile(): void {
    this.use(() => this.identity?.assertSame());
  }

  private opened(): Connection {
    // The first connection creates the file; a later one must not create a new log in its place.
    this.identity?.reopen();
    return new Connection(this.options);
  }

  private lose(error: LogWentBack): void {
    if (this.wentBack) return;
    this.wentBack = error;
    this.onWentBack(error);
  }

  /** Closes the connection; the next use opens the file again. */
  drop(): void {
    const dropped = this.connection;
    this.connection = undefined;
    try {
      dropped?.close();
    } catch {
      // It is dropped because it failed; a failure to close it adds nothing.
    }
  }

  close(): void {
    this.closed = true;
    this.connection?.close();
    this.connection = undefined;
  }
}

/**
 * The identity of the file that was opened. A file moved or copied over it has another inode, and
 * appends to the open one would be acknowledged and lost. SQLite keeps the write-ahead log while
 * any process has the file open.
 */
export class FileIdentity {
  private readonly file: string | undefined;
  private writeAheadLog: string | undefined;

  constructor(private readonly path: string) {
    this.file = inodeOf(path);
  }

  /** Before a new connection, which may begin a new write-ahead log. Throws like `assertSame`. */
  reopen(): void {
    this.writeAheadLog = undefined;
    this.assertSame();
  }

  /** Throws LogWentBack, or LogUnavailable while there is no file. */
  assertSame(): void {
    const file = inodeOf(this.path);
    if (file === undefined) throw new LogUnavailable(`${this.path} is gone: put it back`);
    if (file !== this.file) throw new LogWentBack(`${this.path} was replaced by another file`);
    const writeAheadLog = inodeOf(`${this.path}-wal`);
    if (this.writeAheadLog !== undefined && writeAheadLog !== this.writeAheadLog)
      throw new LogWentBack(`${this.path}-wal was removed or replaced`);
    this.writeAheadLog = writeAheadLog;
  }
}

function inodeOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}
