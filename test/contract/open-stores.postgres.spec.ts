import { describePostgres, freshSchema } from '../support/postgres.js';
import { openStoresContract } from './open-stores.contract.js';

describePostgres('stores on PostgreSQL', (url) => {
  openStoresContract('PostgreSQL', async () => {
    const { schema, dispose } = await freshSchema(url);
    return { at: { kind: 'postgres', url, schema }, dispose };
  });
});
