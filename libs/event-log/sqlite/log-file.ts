import { LogUnavailable, LogWentBack } from '../errors.js';
import { Connection } from './connection.js';
import { FileIdentity } from './file-identity.js';
import { asLogFault, connectionSurvives } from './log-faults.js';
import { lockTimeoutOf, type OpenOptions } from './schema.js';

/**
 * The log's file: gives the connection, and after a fault of the store a new one, so that the log
 * serves again once it is mended.
 */
export class LogFile {
  private connection: Connection | undefined;
  private closed = false;
  private wentBack: LogWentBack | undefined;
  /** None before the first connection has made the file. */
  private readonly identity: FileIdentity | undefined;

  /** `onWentBack`: called once, when the file is known not to be the log any more that it was. */
  constructor(
    private readonly options: OpenOptions,
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

  /** Throws LogWentBack; after that every use does. */
  assertSameFile(): void {
    this.use(() => this.identity?.assertSame());
  }

  private opened(): Connection {
    // The first connection makes the file; a later one must not make a new log in its place.
    this.identity?.reopen();
    return new Connection(this.options);
  }

  private lose(error: LogWentBack): void {
    if (this.wentBack) return;
    this.wentBack = error;
    this.onWentBack(error);
  }

  /** The next use opens the file anew. */
  drop(): void {
    const dropped = this.connection;
    this.connection = undefined;
    try {
      dropped?.close();
    } catch {
      // It is dropped because it failed; that it cannot be closed either says nothing new.
    }
  }

  close(): void {
    this.closed = true;
    this.connection?.close();
    this.connection = undefined;
  }
}
