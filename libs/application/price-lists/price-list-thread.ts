import { Worker } from 'node:worker_threads';
import type { UploadedList } from '../../domain/catalog/price-list-row.js';
import type { ListRow } from '../../domain/catalog/selling-prices.js';
import { readPriceList, type ReadPriceList } from './price-list-reader.js';

/** The messages of the thread: all chunks in order, then the summary. */
export type FromPriceListWorker =
  | { readonly kind: 'chunk'; readonly rows: readonly ListRow[] }
  | { readonly kind: 'summary'; readonly summary: Omit<ReadPriceList, 'chunks'> };

const WORKER = new URL('./price-list.worker.js', import.meta.url);
/** False when run from sources (tests): then there is no compiled worker. */
const isCompiled = import.meta.url.endsWith('.js');

/** Reads a list in a separate thread, so that 50,000 rows do not delay orders. */
export function readPriceListAside(csv: Uint8Array, list: UploadedList): Promise<ReadPriceList> {
  if (!isCompiled) return readPriceList(csv, list);
  return new Promise((resolve, reject) => {
    const chunks: (readonly ListRow[])[] = [];
    const worker = new Worker(WORKER, { workerData: { csv, list } });
    worker.on('message', (message: FromPriceListWorker) => {
      if (message.kind === 'chunk') chunks.push(message.rows);
      else resolve({ ...message.summary, chunks });
    });
    worker.once('error', reject);
    worker.once('exit', (code) =>
      reject(new Error(`the thread that reads price lists ended with code ${code}`)),
    );
  });
}
