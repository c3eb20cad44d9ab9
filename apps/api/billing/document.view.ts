import type { Draft } from '../../../libs/domain/billing/account/payer-account.js';
import type { DocumentLine } from '../../../libs/domain/billing/documents/document.js';
import { freezeDocument } from '../../../libs/domain/billing/documents/frozen-document.js';
import type { ListedDocument } from '../../../libs/read-models/billing-rows.js';

/** An issued document. Amounts are decimals in the document's currency. */
export const documentView = (document: ListedDocument) => ({
  ...contentView(document),
  number: document.number,
  issuedOn: document.issuedOn,
  dueOn: document.dueOn,
  digest: document.digest,
  open: document.open,
  state: document.state,
});

/** A document that a dry run would issue: it has neither number nor dates. */
export const draftView = (draft: Draft) => ({
  ...contentView(draft),
  open: draft.total,
  state: 'draft',
});

type Content = Omit<Draft, 'lineCount'>;

function contentView(document: Content) {
  const { wording } = freezeDocument(
    { ...document, number: '', issuedOn: '', corrects: [] },
    document,
  );
  return {
    invoiceId: document.documentId,
    kind: document.kind,
    entityId: document.entityId,
    payer: document.payer,
    runId: document.runId,
    currency: document.currency,
    language: document.language,
    issuer: document.issuer,
    recipient: document.recipient,
    purchaseOrder: document.purchaseOrder,
    bankDetails: document.bankDetails,
    lines: document.lines.map(lineView),
    taxes: document.taxes,
    net: document.net,
    tax: document.tax,
    total: document.total,
    corrects: document.corrects,
    creditOf: document.creditOf,
    reason: document.reason,
    wording,
  };
}

const lineView = ({ source, tax, family, ...line }: DocumentLine) => ({
  lineIndex: line.lineIndex,
  creditedLineIndex: line.creditedLineIndex,
  chargeId: line.chargeId,
  type: line.type,
  ...source,
  tenantId: line.tenantId,
  description: line.description,
  family,
  from: line.from,
  to: line.to,
  date: line.date,
  quantity: line.quantity,
  unitPrice: line.unitPrice,
  amount: line.amount,
  taxCategory: tax.category,
  taxRate: tax.rate,
  taxTreatment: tax.treatment,
  taxReason: tax.reason,
});

const party = (name: string) => ({
  name,
  address: { lines: ['1-1 Marunouchi'], city: 'Chiyoda-ku', country: 'JP' },
});

export const draftExample = {
  invoiceId: '0d4560c1-b278-57ba-bbf7-08e38df83c0f',
  kind: 'invoice',
  entityId: 'kansai-billing',
  payer: 'customer:8d1f6a52-53a1-4b0f-8c83-2f6a0f3f7c42',
  runId: 'd58617bb-a9c7-5131-a1a1-67dd94e575d2',
  currency: 'JPY',
  language: 'ja',
  issuer: party('Kansai Cloud KK'),
  recipient: party('Kobe Foods'),
  lines: [
    {
      lineIndex: 0,
      chargeId: 'c1b3b1d8-0b25-5d5e-9c2b-1f8e6f1d2a3b',
      type: 'new',
      subscriptionId: '66c2ea99-fa35-50b8-9c05-293092d403c2',
      tenantId: '8d1f6a52-53a1-4b0f-8c83-2f6a0f3f7c42',
      description: 'Microsoft 365 E3',
      family: 'cloud',
      from: '2026-10-05',
      to: '2026-11-04',
      date: '2026-10-05',
      quantity: 10,
      unitPrice: '5400',
      amount: '54000',
      taxCategory: 'standard',
      taxRate: '0.10',
      taxTreatment: 'standard',
    },
  ],
  taxes: [{ treatment: 'standard', rate: '0.10', net: '54000', tax: '5400' }],
  net: '54000',
  tax: '5400',
  total: '59400',
  wording: [],
  open: '59400',
  state: 'draft',
};

export const documentExample = {
  ...draftExample,
  number: 'KC-000001',
  issuedOn: '2026-11-02',
  dueOn: '2026-12-02',
  digest: '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
  state: 'open',
};
