import { Worker } from 'node:worker_threads';
import type { PartnerId } from '../../../domain/shared/ids.js';
import type { AskRegistered } from './partner-registry.js';
import {
  readRevenueFile,
  type ReadRevenueFile,
  type RevenueFileFacts,
  type RevenueFileForm,
} from './revenue-file-reader.js';

export interface RevenueWorkerData {
  readonly form: RevenueFileForm;
  readonly facts: RevenueFileFacts;
  /** Of the spool. */
  readonly descriptor: number;
}
export type ToRevenueWorker =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'registered'; readonly partnerIds: readonly PartnerId[] };
export type FromRevenueWorker =
  | { readonly kind: 'taken' }
  | { readonly kind: 'ask'; readonly partnerIds: readonly PartnerId[] }
  | { readonly kind: 'read'; readonly read: ReadRevenueFile };

const WORKER = new URL('./revenue-file.worker.js', import.meta.url);
/** Run from sources (tests), there is no compiled worker beside this file. */
const isCompiled = import.meta.url.endsWith('.js');
/**
 * So few, of 64 KiB each, that a file is in memory nowhere; so many that the thread need not wait
 * for the next.
 */
const PIECES_ON_THEIR_WAY = 8;
/**
 * Rows are garbage as soon as they are written: without limits the thread's heap would grow before
 * it is looked through.
 */
const resourceLimits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };

/** Reads a file of revenue in a thread of its own, so that a million rows do not hold up orders. */
export async function readRevenueFileAside(
  bytes: AsyncIterable<Uint8Array>,
  { form, facts, descriptor }: RevenueWorkerData,
  askRegistered: AskRegistered,
): Promise<ReadRevenueFile> {
  if (!isCompiled) return readRevenueFile(bytes, form, facts, askRegistered, descriptor);
  const thread = new ReadingThread({ form, facts, descriptor }, askRegistered);
  try {
    await Promise.race([thread.feed(bytes), thread.read]);
    return await thread.read;
  } finally {
    // Before the spool is closed: its descriptor may be another file's then.
    await thread.end();
  }
}

class ReadingThread {
  readonly read: Promise<ReadRevenueFile>;
  private readonly worker: Worker;
  private onTheirWay = 0;
  private taken = (): void => undefined;

  constructor(workerData: RevenueWorkerData, askRegistered: AskRegistered) {
    this.worker = new Worker(WORKER, { workerData, resourceLimits });
    this.read = new Promise((resolve, reject) => {
      this.worker.on('message', (message: FromRevenueWorker) => {
        if (message.kind === 'taken') this.acknowledge();
        else if (message.kind === 'read') resolve(message.read);
        else
          askRegistered(message.partnerIds).then(
            (partnerIds) => this.post({ kind: 'registered', partnerIds }),
            reject,
          );
      });
      this.worker.once('error', reject);
      this.worker.once('exit', (code) =>
        reject(new Error(`the thread that reads revenue ended with code ${code}`)),
      );
    });
    // If the feeding fails first, its error is the one to report.
    this.read.catch(() => undefined);
  }

  async feed(bytes: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of bytes) {
      // A copy: the piece may be a small part of a large buffer, all of which would be sent.
      const copy = new Uint8Array(piece);
      this.post({ kind: 'bytes', bytes: copy }, [copy.buffer]);
      this.onTheirWay += 1;
      if (this.onTheirWay >= PIECES_ON_THEIR_WAY)
        await new Promise<void>((resolve) => (this.taken = resolve));
    }
    this.post({ kind: 'end' });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private post(message: ToRevenueWorker, transferred: readonly ArrayBuffer[] = []): void {
    this.worker.postMessage(message, transferred);
  }

  private acknowledge(): void {
    this.onTheirWay -= 1;
    this.taken();
  }
}
