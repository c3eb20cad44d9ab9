import { Worker } from 'node:worker_threads';
import { readPriceList, type ReadPriceList } from './read-price-list.js';

export type { ReadPriceList } from './read-price-list.js';

const WORKER = new URL('./read-price-list.worker.js', import.meta.url);
/** Run from sources (tests), there is no compiled worker beside this file. */
const isCompiled = import.meta.url.endsWith('.js');

/** Reads a price list in a thread of its own, so that 50,000 rows do not hold up orders. */
export function readPriceListAside(csv: Uint8Array, market: string): Promise<ReadPriceList> {
  if (!isCompiled) return readPriceList(csv, market);
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: { csv, market } });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread that reads price lists ended with code ${code}`)));
  });
}
