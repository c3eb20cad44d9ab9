import { statSync } from 'node:fs';
import { LogUnavailable, LogWentBack } from '../errors.js';

/**
 * Which file the log was opened as. A file that was moved or copied over it by another name has
 * another inode: what is appended to the open one would be acknowledged and lost. SQLite keeps the
 * write-ahead log beside it as long as anybody has it open.
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
