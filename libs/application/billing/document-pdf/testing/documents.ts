import { composeDocuments } from '../../../../domain/billing/documents/compose-documents.js';
import type { BillableCharge } from '../../../../domain/billing/documents/document.js';
import {
  type DocumentHeader,
  type FrozenDocument,
  freezeDocument,
  type Party,
} from '../../../../domain/billing/documents/frozen-document.js';

export const tokyo: Party = {
  name: '髙島クラウド株式会社',
  address: {
    lines: ['千代田１丁目２番３号', '霞ヶ関ビル～７階'],
    city: '千代田区',
    region: '東京都',
    postalCode: '100-0001',
    country: 'JP',
  },
  taxId: 'T4011001098993',
};
export const osaka: Party = {
  name: '株式会社大阪商事',
  address: {
    lines: ['梅田3-1-3'],
    city: '大阪市北区',
    region: '大阪府',
    postalCode: '530-0001',
    country: 'JP',
  },
};
export const berlin: Party = {
  name: 'Kranich Cloud GmbH',
  address: {
    lines: ['Straße des 17. Juni 135'],
    city: 'Berlin',
    postalCode: '10623',
    country: 'DE',
  },
  taxId: 'DE123456789',
};
export const lodz: Party = {
  name: 'Łódź Księgowość Sp. z o.o.',
  address: { lines: ['ul. Żeromskiego 7/12'], city: 'Łódź', postalCode: '90-624', country: 'PL' },
  taxId: 'PL5260001246',
};

const subscriptionId = '0b7c0a52-6a4e-5d0f-9a55-0e7f0b1c2d3e';
export const charge = (changes: Partial<BillableCharge> = {}): BillableCharge => ({
  chargeId: 'c',
  type: 'cycleCharge',
  source: { subscriptionId },
  tenantId: '5f0c2a0e-0000-4000-8000-000000000001',
  description: 'Microsoft 365 E5',
  family: 'cloud',
  from: '2026-11-10',
  to: '2026-12-09',
  date: '2026-11-10',
  quantity: 1250,
  unitPrice: '684.00',
  amount: '71250.00',
  tax: { treatment: 'standard', category: 'standard', rate: '0.19' },
  ...changes,
});

export const japaneseCharges: readonly BillableCharge[] = [
  charge({
    unitPrice: '79320',
    quantity: 120,
    amount: '793200',
    tax: { treatment: 'standard', category: 'standard', rate: '0.10' },
  }),
  charge({
    type: 'addQuantity',
    description: 'Microsoft 365 E5（￥表示・髙度セキュリティ）',
    unitPrice: '79320',
    quantity: 12,
    amount: '-1234',
    from: '2026-11-20',
    tax: { treatment: 'standard', category: 'standard', rate: '0.10' },
  }),
  {
    chargeId: 'm',
    type: 'manual',
    description: '飲料水（研修会場）',
    family: 'manual',
    from: '2026-11-18',
    to: '2026-11-18',
    date: '2026-11-18',
    quantity: 1,
    unitPrice: '5000',
    amount: '5000',
    tax: { treatment: 'standard', category: 'reduced', rate: '0.08' },
  },
];

export const invoiceOf = (
  charges: readonly BillableCharge[],
  currency: string,
  header: Partial<DocumentHeader> = {},
): FrozenDocument => {
  const { invoice } = composeDocuments(charges, currency, 'half-up');
  if (!invoice) throw new Error('the charges are no invoice');
  return freezeDocument({ ...invoiceHeader, ...header }, invoice);
};

const invoiceHeader: DocumentHeader = {
  documentId: 'd',
  number: 'KR-000042',
  entityId: 'kranich',
  payer: 'customer:5f0c2a0e-0000-4000-8000-000000000001',
  issuedOn: '2026-12-01',
  dueOn: '2026-12-31',
  language: 'en',
  issuer: berlin,
  recipient: lodz,
  purchaseOrder: 'PO-4711 / Einkauf',
  bankDetails: 'Kranich Cloud GmbH\nIBAN DE02 1203 0000 0000 2020 51\nBIC BYLADEM1001',
};

export const japaneseHeader: Partial<DocumentHeader> = {
  number: 'TKC-000007',
  language: 'ja',
  issuer: tokyo,
  recipient: osaka,
  purchaseOrder: '発注－２０２６',
  bankDetails: 'みずほ銀行　丸の内支店　普通 1234567\nタカシマクラウド（カ',
};

/** A requested credit note of an invoice: it repeats lines of it. */
export const creditNoteOf = (
  invoice: FrozenDocument,
  header: Partial<DocumentHeader> = {},
): FrozenDocument => {
  const { dueOn: _due, bankDetails: _bank, ...kept } = invoice;
  const { currency, lines, taxes, net, tax, total } = invoice;
  return freezeDocument(
    {
      ...kept,
      number: 'KRCN-000003',
      issuedOn: '2026-12-15',
      corrects: [
        { documentId: invoice.documentId, number: invoice.number, issuedOn: invoice.issuedOn },
      ],
      reason: 'Seats were ordered twice',
      ...header,
    },
    { kind: 'credit-note', currency, lines, taxes, net, tax, total },
  );
};
