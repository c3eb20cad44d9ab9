import { describePostgres } from '../support/postgres.js';
import { revenueContract } from './revenue.contract.js';
import { readModelsOnPostgres } from './read-models-on-postgres.js';

describePostgres('trailing revenue on PostgreSQL', (url) => {
  revenueContract('PostgreSQL', (log, options) => readModelsOnPostgres(url, log, options), 5);
});
