import { LogUnavailable } from '../errors.js';
import { Connection } from './connection.js';
import { asLogFault, connectionSurvives } from './log-faults.js';
import type { OpenOptions } from './schema.js';

/** The log's file: gives the connection, and after a fault of the store a new one, so that the log serves again once it is mended. */
export class LogFile {
  private connection: Connection | undefined;
  private closed = false;

  constructor(private readonly options: OpenOptions) {
    this.use((connection) => connection.head());
  }

  get path(): string {
    return this.options.file;
  }

  use<Value>(work: (connection: Connection) => Value): Value {
    if (this.closed) throw new LogUnavailable(`${this.path} has been closed`);
    try {
      this.connection ??= new Connection(this.options);
      return work(this.connection);
    } catch (error) {
      if (!connectionSurvives(error)) this.drop();
      throw asLogFault(error, this.path);
    }
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
