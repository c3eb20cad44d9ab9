import { join } from 'node:path';
import type { OpenedStores } from '../opened-stores.js';
import type { ReadModelReporter } from '../report.js';
import { ReadModelFile } from './read-model-file.js';
import { SqlitePositionIndex } from './sqlite-position-index.js';
import { SqliteProcessCheckpoints } from './sqlite-process-checkpoints.js';
import { SqliteReadModelStore } from './sqlite-read-model-store.js';
import { SqliteSnapshots } from './sqlite-snapshots.js';

export const readModelsFileOf = (dataDir: string): string => join(dataDir, 'read-models.db');

/**
 * All stores in one file. The read models' store has a connection of its own, which it closes; the
 * others share one.
 */
export function openSqliteStores(dataDir: string, report: ReadModelReporter): OpenedStores {
  const store = SqliteReadModelStore.open(readModelsFileOf(dataDir));
  const beside = new ReadModelFile(readModelsFileOf(dataDir));
  return {
    store,
    snapshots: SqliteSnapshots.on(beside, report),
    positionIndex: new SqlitePositionIndex(beside),
    processCheckpoints: new SqliteProcessCheckpoints(beside),
    close: async () => {
      await store.close();
      beside.close();
    },
  };
}
