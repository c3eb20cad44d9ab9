import type { EventLog } from '../../libs/event-log/event-log.js';
import { type LocalOptions, openLocal } from '../../libs/read-models/local/open-local.js';
import { PostgresReadModelStore } from '../../libs/read-models/postgres/postgres-read-model-store.js';
import { freshSchema } from '../support/postgres.js';

/** Read models that project a log into their own schema, which is dropped when they are closed. */
export async function readModelsOnPostgres(
  url: string,
  log: EventLog,
  options: Partial<LocalOptions> = {},
) {
  const { postgres, schema, dispose } = await freshSchema(url);
  const openStore = () => PostgresReadModelStore.open(postgres, { schema });
  const { readModels, wake } = openLocal({
    log,
    store: await openStore(),
    holder: 'test',
    project: true,
    report: () => undefined,
    ...options,
  });
  const stop = log.onCommitted(() => wake());
  const close = async (): Promise<void> => {
    stop();
    await readModels.close();
    await dispose();
  };
  return { readModels, openStore, close };
}
