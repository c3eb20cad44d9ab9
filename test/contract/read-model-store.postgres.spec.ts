import { PostgresReadModelStore } from '../../libs/read-models/postgres/postgres-read-model-store.js';
import { describePostgres, freshSchema } from '../support/postgres.js';
import { readModelStoreContract } from './read-model-store.contract.js';

describePostgres('read models on PostgreSQL', (url) => {
  readModelStoreContract('PostgreSQL', async (nowMs) => {
    const { postgres, schema, dispose } = await freshSchema(url);
    const store = await PostgresReadModelStore.open(postgres, { schema, nowMs });
    const second = await PostgresReadModelStore.open(postgres, { schema, nowMs });
    return { store, second, dispose };
  });
});
