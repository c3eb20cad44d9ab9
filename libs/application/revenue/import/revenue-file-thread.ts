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
  /** The file descriptor of the spool. */
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
/** False when run from sources (tests): then there is no compiled worker. */
const isCompiled = import.meta.url.endsWith('.js');
/**
 * The number of pieces of 64 KiB that may be unacknowledged: few, so that no file is in memory
 * completely, but enough that the thread need not wait.
 */
const PIECES_ON_THEIR_WAY = 8;
/**
 * Rows become garbage as soon as they are written. Without limits the thread's heap would grow
 * before it is collected.
 */
const resourceLimits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };

/** Reads a file of revenue in a separate thread, so that a million rows do not delay orders. */
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
    // Ends the thread before the spool is closed, because the descriptor may be reused for another
    // file.
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
    // If `feed` fails first, its error is the one to report.
    this.read.catch(() => undefined);
  }

  async feed(bytes: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of bytes) {
      // A copy, because the piece may be a small part of a large buffer, which would be transferred
      // completely.
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
