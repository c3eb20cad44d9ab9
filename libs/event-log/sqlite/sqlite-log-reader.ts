import type { CommandId, StreamName } from '../../domain/shared/ids.js';
import { CommitSignal, follow } from '../commits.js';
import { LogReader } from '../event-log.js';
import type { LoggedEvent, Page, Position, ReadAll, ReadStream, Subscribe } from '../event-log.js';
import { renderInstant } from '../recorded-at.js';
import { LogFile } from './log-file.js';
import {
  eventsOfCommand,
  headOf,
  positionAt,
  readAllPages,
  readStreamPages,
  revisionOf,
} from './log-pages.js';

const POLL_MS = 50;

/** The log's file without write access: for projection workers, beside the thread that appends. */
export class SqliteLogReader extends LogReader {
  private readonly commits = new CommitSignal();
  private readonly poll: NodeJS.Timeout;

  static open(options: { readonly file: string }): SqliteLogReader {
    return new SqliteLogReader(new LogFile({ ...options, readOnly: true }));
  }

  private constructor(private readonly file: LogFile) {
    super();
    this.poll = setInterval(() => this.checkForCommits(), POLL_MS).unref();
  }

  async eventsOfCommand(commandId: CommandId): Promise<readonly LoggedEvent[]> {
    return this.file.use((connection) => eventsOfCommand(connection, commandId));
  }

  async head(): Promise<Position> {
    return headOf(this.file);
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

  async close(): Promise<void> {
    clearInterval(this.poll);
    this.commits.close();
    this.file.close();
  }

  private checkForCommits(): void {
    try {
      const changed = this.file.use((connection) => {
        const dataVersion = connection.dataVersion();
        const differs = dataVersion !== connection.seenDataVersion;
        connection.seenDataVersion = dataVersion;
        return differs;
      });
      if (changed) this.commits.notify();
    } catch {
      // The next read reports the fault of the store; a timer has no caller.
      this.commits.notify();
    }
  }
}
