import { openBench } from '../../libs/read-models/testing/bench.js';
import { repeats } from '../support/repeats.js';
import { revenueContract } from './revenue.contract.js';

const RUNS = repeats('REVENUE_LOGS', { usual: 6, full: 40 });

revenueContract('SQLite', async (log, options) => openBench(log, options), RUNS);
