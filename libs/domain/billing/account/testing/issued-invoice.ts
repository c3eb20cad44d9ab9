import type { Proposed } from '../../../shared/event.js';
import { addDays } from '../../../shared/calendar.js';
import { type BillingEntityId, partnerId } from '../../../shared/ids.js';
import { documentTotals } from '../../tax/document-tax.js';
import type { Payer } from '../../parties/billing-profile.js';
import type { DocumentKind } from '../../documents/document.js';
import type { AccountEvent, DocumentDraft, RecordedCharge } from '../account-events.js';

export interface SampleInvoice {
  readonly entityId: BillingEntityId;
  readonly payer: Payer;
  readonly documentId: string;
  readonly net: string;
  readonly issuedOn: string;
  readonly dueOn?: string;
  readonly currency?: string;
  readonly chargeId?: string;
}

/** The events of a charge at 10 % and of the invoice that bills it. */
export const invoiceOf = (sample: SampleInvoice): readonly Proposed<AccountEvent>[] =>
  documentOf('invoice', sample);

/** The events of a credit note of a charge at 10 %, without its applications. */
export const creditNoteOf = (sample: SampleInvoice): readonly Proposed<AccountEvent>[] =>
  documentOf('credit-note', sample).slice(1);

function documentOf(
  kind: DocumentKind,
  {
    entityId,
    payer,
    documentId,
    net,
    issuedOn,
    dueOn = addDays(issuedOn, 30),
    currency = 'JPY',
    chargeId = documentId,
  }: SampleInvoice,
): readonly Proposed<AccountEvent>[] {
  const ledger = { entityId, currency };
  const tax = { treatment: 'standard', category: 'standard', rate: '0.10' } as const;
  const charge: RecordedCharge = {
    chargeId,
    type: 'manual',
    half: 'charge',
    reference: chargeId,
    description: 'Setup',
    family: 'manual',
    from: issuedOn,
    to: issuedOn,
    date: issuedOn,
    quantity: 1,
    unitPrice: net,
    amount: net,
    taxCategory: 'standard',
  };
  const { half: _half, taxCategory: _category, reference: _reference, ...line } = charge;
  const draft: DocumentDraft = {
    ...ledger,
    documentId,
    kind,
    payer,
    language: 'ja',
    issuer: { name: 'Kansai', address: { lines: ['1'], country: 'JP' } },
    recipient: { name: 'Osaka', address: { lines: ['2'], country: 'JP' } },
    ...documentTotals([{ amount: net, tax }], currency, 'truncate'),
  };
  const issue = { documentId, number: documentId, issuedOn, digest: '0' };
  return [
    {
      type: 'ChargesRecorded',
      data: { ...ledger, partnerId: partnerId(entityId), charges: [charge] },
    },
    { type: 'DocumentDrafted', data: { ...draft, lines: 1 } },
    {
      type: 'DocumentLinesDrafted',
      data: { ...ledger, documentId, lines: [{ ...line, lineIndex: 0, tax }] },
    },
    kind === 'invoice'
      ? { type: 'InvoiceIssued', data: { ...ledger, ...issue, dueOn } }
      : { type: 'CreditNoteIssued', data: { ...ledger, ...issue } },
  ];
}
