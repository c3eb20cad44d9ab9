import { describePostgres } from '../support/postgres.js';
import { readModelsOnPostgres } from './read-models-on-postgres.js';
import { receivablesContract } from './receivables.contract.js';

describePostgres('receivables on PostgreSQL', (url) => {
  receivablesContract('PostgreSQL', (log) => readModelsOnPostgres(url, log));
});
