import { openBench } from '../../libs/read-models/testing/bench.js';
import { revenueContract } from './revenue.contract.js';

revenueContract('SQLite', async (log, options) => openBench(log, options), 40);
