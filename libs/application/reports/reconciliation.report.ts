import type { ReconciledLine } from '../../domain/billing/reconciliation/reconcile.js';
import { compareDecimals, formatAmount, negated, sumOf } from '../../domain/shared/money.js';
import type { Comparison } from '../billing/reconciliation/comparison.js';
import { DECIMAL_DIGITS } from './control-totals.js';
import { wantedPartners } from './partner-columns.js';
import type { Report, ReportColumn, ReportRow } from './report.js';

const optionalText = (name: string, description: string): ReportColumn => ({
  name,
  type: 'text',
  nullable: true,
  description,
});
const optionalDate = (name: string, description: string): ReportColumn => ({
  name,
  type: 'date',
  nullable: true,
  description,
});

const LINES_A_PAGE = 500;
/** Invoices of one page of the list. */
const INVOICES_A_PAGE = 100;

export const reconciliationReport: Report = {
  name: 'reconciliation',
  version: 1,
  hasPeriod: false,
  summary:
    'Every line of Microsoft’s files, and of our charges that they are compared with, by invoice in the order of the first upload',
  columns: [
    { name: 'invoiceNumber', type: 'text', description: 'Microsoft’s number of the invoice' },
    { name: 'revision', type: 'integer', description: 'The revision of its file, from 0' },
    { name: 'partnerId', type: 'text', description: 'The partner that Microsoft bills' },
    {
      name: 'class',
      type: 'text',
      description: 'matched, differs, only-theirs, only-ours or out-of-scope',
    },
    {
      name: 'row',
      type: 'integer',
      nullable: true,
      description: 'The line of the file, the first one is 1',
    },
    { name: 'tenantId', type: 'text', description: 'The customer' },
    { name: 'offerId', type: 'text', description: 'ProductId:SkuId' },
    { name: 'chargeType', type: 'text', description: 'As the file has it, or else ours' },
    optionalText('vendorId', 'Microsoft’s id of the subscription'),
    optionalText('chargeId', 'Our charge'),
    optionalDate('from', 'The first day of the charge'),
    optionalDate('to', 'The last day of the charge'),
    optionalText('quantity', 'BillableQuantity of the file'),
    {
      name: 'theirs',
      type: 'money',
      nullable: true,
      totalled: true,
      description: 'Subtotal of the file; digits after the fourth are cut off',
    },
    {
      name: 'ours',
      type: 'money',
      nullable: true,
      totalled: true,
      description: 'The cost of our charge',
    },
    optionalText('subtotal', 'Subtotal of the file with all its digits'),
    optionalText('difference', 'Subtotal less our cost, where both have the line'),
  ],
  async *pages(query, { readModels, comparisons }) {
    const { knownAt, asOf } = query;
    const partnerIds = wantedPartners(query);
    for (let cursor: string | undefined; ;) {
      const { items, nextCursor } = await readModels.listReconciliations({
        limit: INVOICES_A_PAGE,
        minPosition: knownAt,
        ...(cursor !== undefined && { cursor }),
      });
      for (const { invoiceNumber, position } of items) {
        if (position > knownAt) continue;
        const found = await comparisons.fileAt(invoiceNumber, knownAt);
        if (!found || !(partnerIds?.includes(found.file.partnerId) ?? true)) continue;
        const compared = await comparisons.of(invoiceNumber, knownAt, asOf);
        if (compared) yield* linePages(compared);
      }
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  },
};

function* linePages(compared: Comparison): Generator<readonly ReportRow[]> {
  const { lines } = compared;
  for (let from = 0; from < lines.length; from += LINES_A_PAGE)
    yield lines.slice(from, from + LINES_A_PAGE).map((line) => rowOf(compared, line));
}

function rowOf(
  { invoiceNumber, revision, file: { partnerId, currency } }: Comparison,
  { class: name, theirs, ours }: ReconciledLine,
): ReportRow {
  const money = (amount: string | undefined) =>
    amount === undefined ? null : { amount: shortened(amount, currency), currency };
  return {
    invoiceNumber,
    revision,
    partnerId,
    class: name,
    row: theirs?.row ?? null,
    tenantId: theirs?.tenantId ?? ours?.tenantId ?? '',
    offerId: theirs?.offerId ?? ours?.offerId ?? '',
    chargeType: theirs?.chargeType ?? ours?.type ?? '',
    vendorId: theirs?.subscriptionId ?? ours?.vendorId ?? null,
    chargeId: ours?.chargeId ?? null,
    from: theirs?.chargeFrom ?? ours?.from ?? null,
    to: theirs?.chargeTo ?? ours?.to ?? null,
    quantity: theirs?.billableQuantity ?? null,
    theirs: money(theirs?.subtotal),
    ours: money(ours?.cost),
    subtotal: theirs?.subtotal ?? null,
    difference: theirs && ours ? sumOf(theirs.subtotal, negated(ours.cost)) : null,
  };
}

/** With the currency's digits; Microsoft's amounts may have more, of which reports show four. */
function shortened(amount: string, currency: string): string {
  const formatted = formatAmount(amount, currency);
  if (compareDecimals(formatted, amount) === 0) return formatted;
  const [whole = '', fraction = ''] = amount.split('.');
  return `${whole}.${fraction.slice(0, DECIMAL_DIGITS)}`;
}
