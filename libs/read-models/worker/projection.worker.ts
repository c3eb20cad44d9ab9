import { parentPort, workerData } from 'node:worker_threads';
import { SqliteEventLog } from '../../event-log/sqlite/sqlite-event-log.js';
import { openLocal } from '../local/open-local.js';
import type { ReadModels } from '../read-models.js';
import { SqliteReadModelStore } from '../sqlite/sqlite-read-model-store.js';
import { SnapshotRows } from '../sqlite/snapshot-rows.js';
import type { FromWorker, ToWorker, WorkerStart } from './messages.js';
import { toWire } from './wire-error.js';

// The thread that projects and lists, so that neither delays an order. It reads the log on a
// separate connection.
if (!parentPort)
  throw new Error('projection.worker.js is started as a worker thread, by WorkerReadModels');
const port = parentPort;
const post = (message: FromWorker): void => {
  port.postMessage(message);
};

// The main thread starts it with a WorkerStart (worker-thread.ts).
const { logFile, readModelsFile, ...options } = workerData as WorkerStart;
const log = await SqliteEventLog.openReader({ file: logFile });
const store = SqliteReadModelStore.open(readModelsFile);
const snapshots = new SnapshotRows(store.file);
const { readModels, wake } = openLocal({
  ...options,
  log,
  store,
  report: (report) => post({ kind: 'report', report }),
});

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'wake':
      return wake();
    case 'snapshots':
      return keep(message.kept);
    case 'request':
      return void answer(message);
    case 'close':
      return void close();
  }
});

async function answer({ id, method, args }: Extract<ToWorker, { kind: 'request' }>): Promise<void> {
  try {
    // Method and arguments come from WorkerReadModels, which implements the same abstract class.
    const call = readModels[method] as (
      this: ReadModels,
      ...args: readonly unknown[]
    ) => Promise<unknown>;
    post({ kind: 'answer', id, value: await call.call(readModels, ...args) });
  } catch (error) {
    post({ kind: 'failure', id, error: toWire(error) });
  }
}

/**
 * Snapshots are a cache: if one cannot be written, that is reported, and costs a longer read later.
 */
function keep(kept: Extract<ToWorker, { kind: 'snapshots' }>['kept']): void {
  try {
    snapshots.putAll(kept);
  } catch (error) {
    post({ kind: 'report', report: { kind: 'snapshots-not-kept', reason: toWire(error).message } });
  }
}

async function close(): Promise<void> {
  await readModels.close();
  await log.close();
  post({ kind: 'closed' });
  port.close();
}
