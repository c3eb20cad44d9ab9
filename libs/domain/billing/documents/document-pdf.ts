import type { Proposed, Recorded } from '../../shared/event.js';
import { accept, refuse, type Result } from '../../shared/result.js';

/** The PDF of an issued document: rendered once, so its bytes never change. */
export interface RenderedPdf {
  /** Of its bytes, in lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

/** An event of the stream `document-<documentId>`. */
export type DocumentPdfEvent = Recorded<'InvoicePdfRendered', RenderedPdf & { documentId: string }>;

/** The state of that stream. */
export interface DocumentPdf {
  readonly rendered?: RenderedPdf;
}

export const noDocumentPdf: DocumentPdf = {};

export const evolveDocumentPdf = (
  { rendered }: DocumentPdf,
  { data: { sha256, bytes } }: DocumentPdfEvent,
): DocumentPdf => ({ rendered: rendered ?? { sha256, bytes } });

/** Records the first rendering; a later one must have the same bytes. */
export function recordPdf(
  documentId: string,
  pdf: RenderedPdf,
  { rendered }: DocumentPdf,
): Result<readonly Proposed<DocumentPdfEvent>[], { readonly code: 'pdf-differs' }> {
  if (!rendered) return accept([{ type: 'InvoicePdfRendered', data: { documentId, ...pdf } }]);
  return rendered.sha256 === pdf.sha256 ? accept([]) : refuse({ code: 'pdf-differs' });
}
