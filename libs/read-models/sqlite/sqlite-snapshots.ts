import type { StreamName } from '../../domain/shared/ids.js';
import type { ReadModelReporter } from '../report.js';
import { type Snapshot, Snapshots } from '../opened-stores.js';
import { ReadModelFile } from './read-model-file.js';
import { SnapshotRows } from './snapshot-rows.js';

type Keep = (stream: StreamName, foldVersion: number, snapshot: Snapshot) => void;

/** Reads snapshots on this thread's own connection; `keep` writes them. */
export class SqliteSnapshots extends Snapshots {
  private readonly rows: SnapshotRows;

  constructor(
    private readonly file: ReadModelFile,
    private readonly keep: Keep,
  ) {
    super();
    this.rows = new SnapshotRows(file);
  }

  static open(path: string, keep: Keep): SqliteSnapshots {
    return new SqliteSnapshots(new ReadModelFile(path), keep);
  }

  /** Writes snapshots on this thread, at once. */
  static on(file: ReadModelFile, report: ReadModelReporter): SqliteSnapshots {
    const rows = new SnapshotRows(file);
    return new SqliteSnapshots(file, (stream, foldVersion, snapshot) => {
      try {
        rows.putAll([{ stream, foldVersion, snapshot }]);
      } catch (error) {
        // Snapshots are a cache, so a failure is only reported: another process may have locked the
        // file.
        report({ kind: 'snapshots-not-kept', reason: String(error) });
      }
    });
  }

  override async get(stream: StreamName, foldVersion: number): Promise<Snapshot | undefined> {
    return this.rows.get(stream, foldVersion);
  }

  override put(stream: StreamName, foldVersion: number, snapshot: Snapshot): void {
    this.keep(stream, foldVersion, snapshot);
  }

  close(): void {
    this.file.close();
  }
}
