import { parentPort, workerData } from 'node:worker_threads';
import { readPriceList } from './read-price-list.js';

const { csv, market } = workerData as { csv: Uint8Array; market: string }; // as read-price-list-aside.ts posts it
parentPort?.postMessage(await readPriceList(csv, market));
