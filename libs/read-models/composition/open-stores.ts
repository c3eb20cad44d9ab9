import type { PostgresStoresAt } from '../postgres/open-postgres-stores.js';
import type { OpenedStores } from '../opened-stores.js';
import type { ReadModelReporter } from '../report.js';
import { openSqliteStores, readModelsFileOf } from '../sqlite/open-sqlite-stores.js';
import { ReadModelFile } from '../sqlite/read-model-file.js';
import { SqliteProcessCheckpoints } from '../sqlite/sqlite-process-checkpoints.js';
import { SqliteReadModelStore } from '../sqlite/sqlite-read-model-store.js';
import type { ReadModelStore } from '../store.js';

export type StoresAt =
  /** The folder of `read-models.db`. */
  | { readonly kind: 'sqlite'; readonly dataDir: string }
  | ({ readonly kind: 'postgres' } & PostgresStoresAt);

export async function openStores(at: StoresAt, report: ReadModelReporter): Promise<OpenedStores> {
  if (at.kind === 'sqlite') return openSqliteStores(at.dataDir, report);
  // Loaded only here, so that short commands on a file start without the PostgreSQL driver.
  const { openPostgresStores } = await import('../postgres/open-postgres-stores.js');
  return openPostgresStores(at, report);
}

/**
 * A new store in this file, which must not exist yet. It holds reference rows, whichever store has
 * the rows in use.
 */
export const openReferenceStore = (file: string): ReadModelStore =>
  new SqliteReadModelStore(new ReadModelFile(file));

/**
 * The checkpoints of processes in the read models' file, when its store runs in another thread.
 * They are written about once a day.
 */
export function openProcessCheckpoints(
  dataDir: string,
): Pick<OpenedStores, 'processCheckpoints' | 'close'> {
  const file = new ReadModelFile(readModelsFileOf(dataDir));
  return {
    processCheckpoints: new SqliteProcessCheckpoints(file),
    close: async () => file.close(),
  };
}
