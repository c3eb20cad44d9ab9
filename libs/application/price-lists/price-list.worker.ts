import { parentPort, workerData } from 'node:worker_threads';
import type { UploadedList } from '../../domain/catalog/price-list-row.js';
import { readPriceList } from './price-list-reader.js';
import type { FromPriceListWorker } from './price-list-thread.js';

// the form in which price-list-thread.ts passes it
const { csv, list } = workerData as { csv: Uint8Array; list: UploadedList };
const post = (message: FromPriceListWorker): void => parentPort?.postMessage(message);

// One message a chunk: the thread that processes orders would be blocked while it decodes a single
// large message.
const { chunks, ...summary } = await readPriceList(csv, list);
for (const rows of chunks) post({ kind: 'chunk', rows });
post({ kind: 'summary', summary });
