import type { PostgresStoresAt } from '../postgres/open-postgres-stores.js';
import type { OpenedStores } from '../opened-stores.js';
import type { Reporter } from '../report.js';
import { openSqliteStores, readModelsFileOf } from '../sqlite/open-sqlite-stores.js';
import { ReadModelFile } from '../sqlite/read-model-file.js';
import { SqliteProcessCheckpoints } from '../sqlite/sqlite-process-checkpoints.js';
import { SqliteReadModelStore } from '../sqlite/sqlite-read-model-store.js';
import type { ReadModelStore } from '../store.js';

export type StoresAt =
  /** In `read-models.db` of this directory. */
  | { readonly kind: 'sqlite'; readonly dataDir: string }
  | ({ readonly kind: 'postgres' } & PostgresStoresAt);

export async function openStores(at: StoresAt, report: Reporter): Promise<OpenedStores> {
  if (at.kind === 'sqlite') return openSqliteStores(at.dataDir, report);
  // The driver is loaded where it is used: short commands beside a file start without it.
  const { openPostgresStores } = await import('../postgres/open-postgres-stores.js');
  return openPostgresStores(at, report);
}

/**
 * A store of its own in this file, which is not there yet: for rows that are filled beside those in
 * use, wherever those are kept.
 */
export const openReferenceStore = (file: string): ReadModelStore =>
  new SqliteReadModelStore(new ReadModelFile(file));

/**
 * The checkpoints of processes in the read models' file, where its store is in another thread. They
 * are written about once a day.
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
