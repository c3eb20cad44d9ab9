import { parentPort, workerData } from 'node:worker_threads';
import type { PartnerId } from '../../../domain/shared/ids.js';
import { readRevenueFile } from './revenue-file-reader.js';
import type {
  FromRevenueWorker,
  RevenueWorkerData,
  ToRevenueWorker,
} from './revenue-file-thread.js';

// the form in which revenue-file-thread.ts passes it
const { form, facts, descriptor } = workerData as RevenueWorkerData;
const post = (message: FromRevenueWorker): void => parentPort?.postMessage(message);

const pieces: (Uint8Array | undefined)[] = [];
let arrived = (): void => undefined;
let answered = (_registered: readonly PartnerId[]): void => undefined;

parentPort?.on('message', (message: ToRevenueWorker) => {
  if (message.kind === 'registered') return answered(message.partnerIds);
  pieces.push(message.kind === 'bytes' ? message.bytes : undefined);
  arrived();
});

/** Acknowledges each piece when it is read, so that only a few pieces are in transit. */
async function* bytes(): AsyncGenerator<Uint8Array> {
  for (;;) {
    if (pieces.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
    const piece = pieces.shift();
    if (piece === undefined) return;
    post({ kind: 'taken' });
    yield piece;
  }
}

const askRegistered = (partnerIds: readonly PartnerId[]): Promise<readonly PartnerId[]> => {
  post({ kind: 'ask', partnerIds });
  return new Promise((resolve) => (answered = resolve));
};

const read = await readRevenueFile(bytes(), form, facts, askRegistered, descriptor);
post({ kind: 'read', read });
parentPort?.close();
