import { openBench } from '../../libs/read-models/testing/bench.js';
import { knownVersionsContract } from './version-queries.contract.js';

knownVersionsContract('SQLite', async (log, options) => openBench(log, options));
