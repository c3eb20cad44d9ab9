import { describePostgres } from '../support/postgres.js';
import { reportedRowsContract } from './reported-rows.contract.js';
import { readModelsOnPostgres } from './read-models-on-postgres.js';

describePostgres('reported rows on PostgreSQL', (url) => {
  reportedRowsContract('PostgreSQL', (log) => readModelsOnPostgres(url, log));
});
