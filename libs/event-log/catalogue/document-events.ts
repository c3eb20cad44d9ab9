import type { DocumentPdfEvent } from '../../domain/billing/documents/document-pdf.js';
import { type EntriesOf, entry } from './entry.js';
import { count, object, type Schema, uuid } from './schema.js';

const sha256: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };

export const documentEvents: EntriesOf<DocumentPdfEvent> = {
  InvoicePdfRendered: entry(
    'document',
    'The PDF of an issued invoice or credit note was rendered for the first time. `sha256` is that of its bytes.',
    object({ documentId: uuid, sha256, bytes: count }),
  ),
};
