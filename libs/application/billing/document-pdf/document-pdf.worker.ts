import { parentPort } from 'node:worker_threads';
import type { PdfAnswer, PdfRequest } from './document-pdf.js';
import { renderDocument } from './render-document.js';

const answer = (message: PdfAnswer): void => parentPort?.postMessage(message);

parentPort?.on('message', ({ id, document }: PdfRequest) => {
  renderDocument(document).then(
    (pdf) => answer({ id, pdf }),
    (error: unknown) => answer({ id, error }),
  );
});
