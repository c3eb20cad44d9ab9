import { openBench } from '../../libs/read-models/testing/bench.js';
import { receivablesContract } from './receivables.contract.js';

receivablesContract('SQLite', async (log) => openBench(log));
