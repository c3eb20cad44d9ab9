import { openBench } from '../../libs/read-models/testing/bench.js';
import { listsContract } from './lists.contract.js';

listsContract('SQLite', async (log, options) => openBench(log, options));
