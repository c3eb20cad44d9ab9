import { parentPort, workerData } from 'node:worker_threads';
import { readPriceList } from './price-list-reader.js';
import type { FromPriceListWorker } from './price-list-thread.js';

// as price-list-thread.ts posts it
const { csv, market } = workerData as { csv: Uint8Array; market: string };
const post = (message: FromPriceListWorker): void => parentPort?.postMessage(message);

// Chunk by chunk: one message with all of them would hold up the thread that takes orders while it
// is unpacked.
const { chunks, ...summary } = await readPriceList(csv, market);
for (const rows of chunks) post({ kind: 'chunk', rows });
post({ kind: 'summary', summary });
