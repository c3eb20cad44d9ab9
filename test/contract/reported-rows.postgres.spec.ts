import { openLocal } from '../../libs/read-models/local/open-local.js';
import { PostgresReadModelStore } from '../../libs/read-models/postgres/postgres-read-model-store.js';
import { describePostgres, freshSchema } from '../support/postgres.js';
import { reportedRowsContract } from './reported-rows.contract.js';

describePostgres('reported rows on PostgreSQL', (url) => {
  reportedRowsContract('PostgreSQL', async (log) => {
    const { postgres, schema, dispose } = await freshSchema(url);
    const openStore = () => PostgresReadModelStore.open(postgres, { schema });
    const { readModels, wake } = openLocal({ log, store: await openStore(), holder: 'test', project: true, report: () => undefined });
    const stop = log.onCommitted(() => wake());
    const close = async (): Promise<void> => {
      stop();
      await readModels.close();
      await dispose();
    };
    return { readModels, openStore, close };
  });
});
