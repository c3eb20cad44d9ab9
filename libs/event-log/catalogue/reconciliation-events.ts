import type { ReconciliationEvent } from '../../domain/billing/reconciliation/reconciliation-file.js';
import { type EntriesOf, entry } from './entry.js';
import {
  count,
  currency,
  dictionary,
  list,
  month,
  object,
  partnerId,
  type Schema,
  text,
  uuid,
} from './schema.js';

export const microsoftRow: Schema = object({ row: count, cells: dictionary(text, text) });

/** Microsoft's amounts have more digits than those of any currency. */
const exactDecimal: Schema = { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' };

export const reconciliationEvents: EntriesOf<ReconciliationEvent> = {
  ReconciliationFileRecorded: entry(
    'reconciliation',
    'Microsoft’s file for an invoice was uploaded, or another one than before. Its lines are those of the import.',
    object({
      invoiceNumber: text,
      partnerId,
      importId: uuid,
      lines: count,
      currency,
      months: list(month),
      subtotal: exactDecimal,
      digest: text,
    }),
  ),
};
