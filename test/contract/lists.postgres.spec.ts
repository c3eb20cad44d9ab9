import { describePostgres } from '../support/postgres.js';
import { listsContract } from './lists.contract.js';
import { readModelsOnPostgres } from './read-models-on-postgres.js';

describePostgres('lists on PostgreSQL', (url) => {
  listsContract('PostgreSQL', (log, options) => readModelsOnPostgres(url, log, options));
});
