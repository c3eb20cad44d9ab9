import type { Comparison } from '../../../libs/application/billing/reconciliation/comparison.js';
import type { ReconciledLine } from '../../../libs/domain/billing/reconciliation/reconcile.js';
import type { ReconciliationRow } from '../../../libs/read-models/reconciliations.js';
import { negated, sumOf } from '../../../libs/domain/shared/money.js';

/** A comparison without its lines. */
export const reconciliationView = ({
  invoiceNumber,
  revision,
  file,
  knownAt,
  tolerance,
  classes,
}: Comparison) => ({
  invoiceNumber,
  revision,
  partnerId: file.partnerId,
  currency: file.currency,
  months: file.months,
  lineCount: file.lines,
  subtotal: file.subtotal,
  tolerance,
  knownAt: String(knownAt),
  classes,
});

export const reconciledLineView = ({ class: name, theirs, ours }: ReconciledLine) => ({
  class: name,
  ...(theirs && ours && { difference: sumOf(theirs.subtotal, negated(ours.cost)) }),
  ...(theirs && {
    theirs: {
      row: theirs.row,
      tenantId: theirs.tenantId,
      offerId: theirs.offerId,
      chargeType: theirs.chargeType,
      scope: theirs.scope,
      subscriptionId: theirs.subscriptionId,
      orderDate: theirs.orderDate,
      from: theirs.chargeFrom,
      to: theirs.chargeTo,
      quantity: theirs.billableQuantity,
      subtotal: theirs.subtotal,
    },
  }),
  ...(ours && {
    ours: {
      chargeId: ours.chargeId,
      tenantId: ours.tenantId,
      offerId: ours.offerId,
      type: ours.type,
      vendorId: ours.vendorId,
      from: ours.from,
      to: ours.to,
      cost: ours.cost,
    },
  }),
});

export const recordedReconciliationExample = {
  invoiceNumber: 'G012345678',
  partnerId: 'kansai-cloud',
  revision: 0,
  lineCount: 412,
  currency: 'EUR',
  months: ['2026-11'],
  subtotal: '48210.25',
  digest: 'X0m9d0sQ8k2h1uVbq7s3yXr5tJ4pLw6nEaG0fZcKxM8',
  warnings: [],
};

export const listedReconciliationView = ({
  invoiceNumber,
  partnerId,
  revision,
  lines,
  currency,
  months,
  subtotal,
}: ReconciliationRow) => ({
  invoiceNumber,
  partnerId,
  revision,
  lineCount: lines,
  currency,
  months,
  subtotal,
});

export const listedReconciliationExample = {
  invoiceNumber: 'G012345678',
  partnerId: 'kansai-cloud',
  revision: 0,
  lineCount: 412,
  currency: 'EUR',
  months: ['2026-11'],
  subtotal: '48210.25',
};

const none = { count: 0, theirs: '0', ours: '0' };
export const reconciliationExample = {
  invoiceNumber: 'G012345678',
  revision: 0,
  partnerId: 'kansai-cloud',
  currency: 'EUR',
  months: ['2026-11'],
  lineCount: 412,
  subtotal: '48210.25',
  tolerance: '0.01',
  knownAt: '1042',
  classes: {
    matched: { count: 410, theirs: '48162.25', ours: '48162.24' },
    differs: { count: 1, theirs: '36.00', ours: '24.00' },
    'only-theirs': { count: 1, theirs: '12.00', ours: '0' },
    'only-ours': none,
    'out-of-scope': none,
  },
  lines: [],
  nextCursor: null,
};
