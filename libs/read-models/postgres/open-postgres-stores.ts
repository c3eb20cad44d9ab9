import { Postgres } from '../../platform/postgres/postgres.js';
import type { OpenedStores } from '../opened-stores.js';
import type { ReadModelReporter } from '../report.js';
import { PostgresPositionIndex } from './postgres-position-index.js';
import { PostgresProcessCheckpoints } from './postgres-process-checkpoints.js';
import { PostgresReadModelStore } from './postgres-read-model-store.js';
import { PostgresSnapshots } from './postgres-snapshots.js';
import { READ_MODELS_SCHEMA } from './schema.js';
import { SnapshotRows } from './snapshot-rows.js';

export interface PostgresStoresAt {
  readonly url: string;
  readonly schema?: string;
}

/**
 * A transaction needs several calls to the server, so each takes the events of this time, unless a
 * query waits for them.
 */
const GATHER_MS = 100;

/**
 * All stores in one schema, over one pool. Throws PostgresUnavailable or PostgresRefused; the
 * message says what to do.
 */
export async function openPostgresStores(
  { url, schema = READ_MODELS_SCHEMA }: PostgresStoresAt,
  report: ReadModelReporter,
): Promise<OpenedStores> {
  const lost = (reason: string): void => report({ kind: 'postgres-connection-lost', reason });
  const postgres = await Postgres.open({
    url,
    applicationName: `sekisho ${process.pid}`,
    report: lost,
  });
  try {
    const store = await PostgresReadModelStore.open(postgres, { schema });
    const snapshots = new PostgresSnapshots(new SnapshotRows(postgres, schema), report);
    return {
      store,
      snapshots,
      gatherMs: GATHER_MS,
      positionIndex: new PostgresPositionIndex(postgres, schema),
      processCheckpoints: new PostgresProcessCheckpoints(postgres, schema),
      close: async () => {
        await store.close();
        await snapshots.flush();
        await postgres.close();
      },
    };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}
