import { openBench } from '../testing/bench.js';
import { listsContract } from '../testing/lists.contract.js';

listsContract('SQLite', async (log, options) => openBench(log, options));
