import { Worker } from 'node:worker_threads';
import type { FrozenDocument } from '../../../domain/billing/documents/frozen-document.js';
import { renderDocument } from './render-document.js';

export interface PdfRequest {
  readonly id: number;
  readonly document: FrozenDocument;
}
export type PdfAnswer =
  | { readonly id: number; readonly pdf: Uint8Array }
  | { readonly id: number; readonly error: unknown };

interface Waiting {
  readonly resolve: (pdf: Buffer) => void;
  readonly reject: (error: unknown) => void;
}

const WORKER = new URL('./document-pdf.worker.js', import.meta.url);
/** False when run from sources (tests): then there is no compiled worker. */
const isCompiled = import.meta.url.endsWith('.js');
/** An idle thread ends after this time, and releases its fonts (some 60 MB). */
const IDLE_MS = 60_000;

/** Renders documents in a thread, because an invoice of 130 lines takes some 100 ms. */
class PdfThread {
  private worker: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  render(document: FrozenDocument): Promise<Buffer> {
    const worker = (this.worker ??= this.started());
    clearTimeout(this.idle);
    this.last += 1;
    const request: PdfRequest = { id: this.last, document };
    return new Promise((resolve, reject) => {
      this.waiting.set(request.id, { resolve, reject });
      worker.ref();
      worker.postMessage(request);
    });
  }

  private started(): Worker {
    const worker = new Worker(WORKER);
    worker.on('message', (answer: PdfAnswer) => this.answered(worker, answer));
    worker.once('error', (error) => this.lost(worker, error));
    worker.once('exit', (code) =>
      this.lost(worker, new Error(`the thread that renders documents ended with code ${code}`)),
    );
    return worker;
  }

  private answered(worker: Worker, answer: PdfAnswer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if ('pdf' in answer) waiting?.resolve(Buffer.from(answer.pdf));
    else waiting?.reject(answer.error);
    if (this.waiting.size > 0) return;
    // Without a request, the thread must not keep the process alive.
    worker.unref();
    this.idle = setTimeout(() => {
      this.worker = undefined;
      void worker.terminate();
    }, IDLE_MS).unref();
  }

  private lost(worker: Worker, error: unknown): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

const thread = new PdfThread();

/** The PDF of a document; the same bytes for the same document. */
export const renderDocumentPdf = (document: FrozenDocument): Promise<Buffer> =>
  isCompiled ? thread.render(document) : renderDocument(document);
