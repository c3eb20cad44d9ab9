import { randomUUID } from 'node:crypto';
import type { EventLog } from '../../event-log/event-log.js';
import { openLocal } from '../local/open-local.js';
import type { OpenedStores, Snapshots } from '../opened-stores.js';
import type { ReadModels } from '../read-models.js';
import type { ReadModelReporter } from '../report.js';
import { readModelsFileOf } from '../sqlite/open-sqlite-stores.js';
import { ReadModelFile } from '../sqlite/read-model-file.js';
import { SqliteReadModelStore } from '../sqlite/sqlite-read-model-store.js';
import { SqliteSnapshots } from '../sqlite/sqlite-snapshots.js';
import { WorkerReadModels } from '../worker/worker-read-models.js';

export interface OpenedReadModels {
  readonly readModels: ReadModels;
  readonly snapshots: Snapshots;
  /** Ends the projector and its thread within a second. Must be called before the log is closed. */
  readonly close: () => Promise<void>;
}

interface Common {
  readonly log: EventLog;
  readonly report: ReadModelReporter;
  /** Short commands only read: they never take the lease. */
  readonly project: boolean;
}

/**
 * For the SQLite log: projections and lists run in a worker thread, snapshots are read on this one.
 * The log's file must exist.
 */
export function openWorkerReadModels({
  log,
  logFile,
  dataDir,
  project,
  report,
  workerScript,
}: Common & {
  readonly logFile: string;
  readonly dataDir: string;
  readonly workerScript?: URL;
}): OpenedReadModels {
  const readModelsFile = readModelsFileOf(dataDir);
  const start = { logFile, readModelsFile, holder: holderName(), project };
  const readModels = new WorkerReadModels({
    start,
    report,
    ...(workerScript ? { script: workerScript } : {}),
  });
  const snapshots = SqliteSnapshots.open(readModelsFile, (...kept) =>
    readModels.keepSnapshot(...kept),
  );
  const stop = log.onCommitted(() => readModels.wake());
  return {
    readModels,
    snapshots,
    close: async () => {
      stop();
      await readModels.close();
      snapshots.close();
    },
  };
}

/**
 * Read models on this thread: in memory for a log in memory, or in a data directory for short
 * commands and tests.
 */
export function openLocalReadModels({
  dataDir,
  ...common
}: Common & { readonly dataDir?: string }): OpenedReadModels {
  const store = new SqliteReadModelStore(
    new ReadModelFile(dataDir === undefined ? ':memory:' : readModelsFileOf(dataDir)),
  );
  return openReadModelsOver(
    { store, snapshots: SqliteSnapshots.on(store.file, common.report) },
    common,
  );
}

/**
 * Read models on this thread over stores that are already open. Closing them closes only the store
 * of the read models.
 */
export function openReadModelsOver(
  { store, snapshots, gatherMs }: Pick<OpenedStores, 'store' | 'snapshots' | 'gatherMs'>,
  { log, project, report }: Common,
): OpenedReadModels {
  const { readModels, wake } = openLocal({
    log,
    store,
    project,
    report,
    holder: holderName(),
    gatherMs,
  });
  const stop = log.onCommitted(() => wake());
  return {
    readModels,
    snapshots,
    close: async () => {
      stop();
      await readModels.close();
    },
  };
}

const holderName = (): string => `${process.pid}/${randomUUID()}`;
