import type { StreamName } from '../../domain/shared/ids.js';
import type { ReadModelReporter } from '../report.js';
import { type Snapshot, Snapshots, type StreamSnapshot } from '../opened-stores.js';
import { within } from '../../platform/time/within.js';
import type { SnapshotRows } from './snapshot-rows.js';

/** Reading a longer state from the log is quicker. */
const MAX_STATE_LENGTH = 1024 * 1024;
/**
 * The total length of the states that may wait to be written. Further ones are dropped: while the
 * server is slow, a snapshot is not worth the memory.
 */
const MAX_WAITING_LENGTH = 16 * 1024 * 1024;
const WRITE_EVERY_MS = 100;
/** A command that waits longer than this reads the log instead. */
const READ_WITHIN_MS = 1_000;
/** How long no command waits for the server after a failure. */
const REST_MS = 2_000;

/**
 * Snapshots in PostgreSQL, written in the background. They are a cache: a failure of the server is
 * reported, and fails no command.
 */
export class PostgresSnapshots extends Snapshots {
  private waiting = new Map<string, StreamSnapshot>();
  private waitingLength = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private restUntilMs = 0;

  constructor(
    private readonly rows: SnapshotRows,
    private readonly report: ReadModelReporter,
  ) {
    super();
  }

  override async get(stream: StreamName, foldVersion: number): Promise<Snapshot | undefined> {
    if (this.resting) return undefined;
    try {
      return await within(READ_WITHIN_MS, this.rows.get(stream, foldVersion), notReadInTime);
    } catch (error) {
      this.failed('snapshots-not-read', error);
      return undefined;
    }
  }

  override put(stream: StreamName, foldVersion: number, snapshot: Snapshot): void {
    const { length } = snapshot.state;
    if (length > MAX_STATE_LENGTH || this.waitingLength + length > MAX_WAITING_LENGTH) return;
    const key = `${foldVersion}/${stream}`;
    this.waitingLength += length - (this.waiting.get(key)?.snapshot.state.length ?? 0);
    this.waiting.set(key, { stream, foldVersion, snapshot });
    this.timer ??= setTimeout(() => void this.flush(), WRITE_EVERY_MS).unref();
  }

  /** Resolves when all waiting snapshots are written, or their failure is reported. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing ??= this.writeAll().finally(() => {
      this.writing = undefined;
    });
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.size > 0) {
      const kept = [...this.waiting.values()];
      this.waiting = new Map();
      this.waitingLength = 0;
      if (this.resting) continue;
      await this.rows
        .putAll(kept)
        .catch((error: unknown) => this.failed('snapshots-not-kept', error));
    }
  }

  private get resting(): boolean {
    return performance.now() < this.restUntilMs;
  }

  private failed(kind: 'snapshots-not-kept' | 'snapshots-not-read', error: unknown): void {
    this.restUntilMs = performance.now() + REST_MS;
    this.report({ kind, reason: String((error as { message?: unknown }).message ?? error) });
  }
}

const notReadInTime = (): never => {
  throw new Error(`no snapshot within ${READ_WITHIN_MS} ms`);
};
