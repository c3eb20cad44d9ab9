import { invoiceState, openOf } from '../../domain/billing/receivables/account.js';
import type { DocumentAtPosition } from '../../read-models/receivables.js';
import {
  amountColumn,
  currencyColumn,
  issuerColumn,
  payerColumn,
  wantedIssuers,
} from './issuers.js';
import type { Report, ReportRow } from './report.js';

export const invoicesReport: Report = {
  name: 'invoices',
  version: 1,
  hasPeriod: true,
  summary: 'Every issued invoice and credit note with its open amount, in the order of issue',
  columns: [
    {
      name: 'position',
      type: 'position',
      unit: 'position in the log',
      description: 'The position of the issue; the rows are in this order',
    },
    { name: 'invoiceId', type: 'text', description: 'The document' },
    { name: 'kind', type: 'text', description: 'invoice or credit-note' },
    { name: 'number', type: 'text', description: 'The number in the series of its kind' },
    issuerColumn,
    payerColumn,
    currencyColumn,
    { name: 'issuedOn', type: 'date', description: 'The date of issue' },
    {
      name: 'dueOn',
      type: 'date',
      nullable: true,
      description: 'The due date; a credit note has none',
    },
    amountColumn('net', 'Without tax; negative for a credit note'),
    amountColumn('tax', 'The tax; negative for a credit note'),
    amountColumn('total', 'Net plus tax; negative for a credit note'),
    amountColumn('paid', 'Settled by payments and credit balance'),
    amountColumn('credited', 'Settled by credit notes'),
    amountColumn('writtenOff', 'Recorded as a loss'),
    amountColumn('open', 'The total of an invoice less these three'),
    {
      name: 'state',
      type: 'text',
      nullable: true,
      description: 'open, partly-paid, paid, credited or written-off; a credit note has none',
    },
  ],
  async *pages(query, sources) {
    const entityIds = await wantedIssuers(query, sources);
    for (let after: number | undefined; ;) {
      const { items, next } = await sources.readModels.documentsAtPosition({
        ...query,
        entityIds,
        after,
      });
      yield items.map(rowOf);
      if (next === undefined) return;
      after = next;
    }
  },
};

function rowOf(document: DocumentAtPosition): ReportRow {
  const { documentId, kind, currency, dueOn, ...rest } = document;
  const isInvoice = kind === 'invoice';
  const signed = (amount: string): string =>
    isInvoice || /^[0.]+$/.test(amount) ? amount : `-${amount}`;
  const item = { ...rest, invoiceId: documentId, dueOn: dueOn ?? '' };
  return {
    ...rest,
    invoiceId: documentId,
    kind,
    currency,
    dueOn: dueOn ?? null,
    net: signed(rest.net),
    tax: signed(rest.tax),
    total: signed(rest.total),
    open: isInvoice ? openOf(item, currency) : rest.paid,
    state: isInvoice ? invoiceState(item, currency) : null,
  };
}
