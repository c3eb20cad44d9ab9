import type { ReconciliationEvent } from '../../domain/billing/reconciliation/reconciliation-file.js';
import { projection, table } from '../projection.js';
import type { ReconciliationRow } from '../reconciliations.js';

const reconciliations = table<ReconciliationRow>('reconciliations', {
  columns: {
    position: { type: 'integer', of: (row) => row.position },
    partnerId: { type: 'text', of: (row) => row.partnerId },
  },
  indexes: [['position'], ['partnerId', 'position']],
});

/** Which invoices have a file of Microsoft. The comparisons are computed when they are read. */
export const reconciliationsProjection = projection<ReconciliationEvent>('reconciliations', 1, {
  streams: ['reconciliation'],
  tables: [reconciliations],
  on: {
    ReconciliationFileRecorded: ({ data, position, revision }) =>
      reconciliations.change(data.invoiceNumber, (row) => ({
        invoiceNumber: data.invoiceNumber,
        partnerId: data.partnerId,
        currency: data.currency,
        months: data.months,
        lines: data.lines,
        subtotal: data.subtotal,
        revision,
        position: row?.position ?? position,
      })),
  },
});
