import { openLocal } from '../../libs/read-models/local/open-local.js';
import { PostgresReadModelStore } from '../../libs/read-models/postgres/postgres-read-model-store.js';
import { describePostgres, freshSchema } from '../support/postgres.js';
import { knownVersionsContract } from './known-versions.contract.js';

describePostgres('versions on PostgreSQL', (url) => {
  knownVersionsContract('PostgreSQL', async (log, options) => {
    const { postgres, schema, dispose } = await freshSchema(url);
    const store = await PostgresReadModelStore.open(postgres, { schema });
    const { readModels, wake } = openLocal({ log, store, holder: 'test', project: true, report: () => undefined, ...options });
    const stop = log.onCommitted(() => wake());
    const close = async (): Promise<void> => {
      stop();
      await readModels.close();
      await dispose();
    };
    return { readModels, close };
  });
});
