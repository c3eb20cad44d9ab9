import { describePostgres } from '../support/postgres.js';
import { knownVersionsContract } from './version-queries.contract.js';
import { readModelsOnPostgres } from './read-models-on-postgres.js';

describePostgres('versions on PostgreSQL', (url) => {
  knownVersionsContract('PostgreSQL', (log, options) => readModelsOnPostgres(url, log, options));
});
