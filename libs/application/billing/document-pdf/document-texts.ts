import type { DocumentLine } from '../../../domain/billing/documents/document.js';
import type { DocumentLanguage } from '../../../domain/billing/parties/billing-entity.js';
import type { TaxTreatment } from '../../../domain/billing/tax/line-tax.js';

/** The words of a document. `taxName` and `taxIdLabel` depend on the country of the law. */
export interface DocumentTexts {
  readonly invoice: string;
  readonly creditNote: string;
  /** Of an issuer that is registered in Japan (Consumption Tax Act, Art. 57-4(3)). */
  readonly qualifiedCreditNote: string;
  readonly issuer: string;
  readonly recipient: string;
  /** After the recipient's name. */
  readonly honorific: string;
  readonly number: Readonly<Record<'invoice' | 'credit-note', string>>;
  readonly issuedOn: Readonly<Record<'invoice' | 'credit-note', string>>;
  readonly dueOn: string;
  readonly supply: string;
  readonly purchaseOrder: string;
  readonly corrects: string;
  readonly reason: string;
  readonly currency: string;
  readonly total: Readonly<Record<'invoice' | 'credit-note', string>>;
  readonly columns: Readonly<
    Record<'line' | 'description' | 'period' | 'quantity' | 'unitPrice' | 'tax' | 'amount', string>
  >;
  readonly customer: string;
  readonly subscription: string;
  readonly order: string;
  readonly types: Readonly<Record<DocumentLine['type'], string>>;
  readonly rate: string;
  readonly netOfRate: string;
  readonly taxOfRate: string;
  readonly grossOfRate: string;
  readonly net: string;
  readonly treatments: Readonly<Record<TaxTreatment, string>>;
  readonly reducedRate: string;
  readonly termPrices: string;
  readonly credited: string;
  readonly reverseCharge: string;
  readonly payTo: string;
  readonly pageOf: (page: number, pages: number) => string;
  readonly registrationNumber: string;
  readonly vatId: string;
  readonly taxId: string;
  readonly consumptionTax: string;
  readonly vat: string;
  readonly otherTax: string;
}

const en: DocumentTexts = {
  invoice: 'Invoice',
  creditNote: 'Credit note',
  qualifiedCreditNote: 'Credit note',
  issuer: 'From',
  recipient: 'To',
  honorific: '',
  number: { invoice: 'Invoice number', 'credit-note': 'Credit note number' },
  issuedOn: { invoice: 'Date of issue', 'credit-note': 'Date of issue' },
  dueOn: 'Due date',
  supply: 'Period of supply',
  purchaseOrder: 'Your reference',
  corrects: 'Corrects invoice',
  reason: 'Reason',
  currency: 'Currency',
  total: { invoice: 'Total', 'credit-note': 'Total credited' },
  columns: {
    line: '#',
    description: 'Description',
    period: 'Period',
    quantity: 'Quantity',
    unitPrice: 'Unit price',
    tax: 'Tax rate',
    amount: 'Amount',
  },
  customer: 'Customer',
  subscription: 'Subscription',
  order: 'Order',
  types: {
    new: 'New',
    renew: 'Renewal',
    cycleCharge: 'Recurring charge',
    addQuantity: 'Quantity increased',
    removeQuantity: 'Quantity reduced',
    cancelImmediate: 'Cancellation',
    oneTime: 'One-time purchase',
    manual: '',
  },
  rate: 'Rate',
  netOfRate: 'Net',
  taxOfRate: 'Tax',
  grossOfRate: 'Gross',
  net: 'Net total',
  treatments: {
    standard: '',
    exempt: 'Exempt',
    'reverse-charge': 'Reverse charge',
    'outside-scope': 'Outside scope',
  },
  reducedRate: '※ Reduced tax rate.',
  termPrices:
    'Unit prices of subscriptions are for the whole term and one unit, without tax. Amounts are for the period of the line.',
  credited: 'The amounts of this credit note are in your favour.',
  reverseCharge: 'The recipient is liable for the tax.',
  payTo: 'Please pay to',
  pageOf: (page, pages) => `Page ${page} of ${pages}`,
  registrationNumber: 'Registration number',
  vatId: 'VAT ID',
  taxId: 'Tax ID',
  consumptionTax: 'Consumption tax',
  vat: 'VAT',
  otherTax: 'Tax',
};

const ja: DocumentTexts = {
  invoice: '請求書',
  creditNote: '返還請求書',
  qualifiedCreditNote: '適格返還請求書',
  issuer: '発行者',
  recipient: '宛先',
  honorific: ' 御中',
  number: { invoice: '請求書番号', 'credit-note': '返還請求書番号' },
  issuedOn: { invoice: '発行日', 'credit-note': '返還年月日' },
  dueOn: 'お支払期限',
  supply: '取引期間',
  purchaseOrder: '貴社注文番号',
  corrects: '対象請求書',
  reason: '返還理由',
  currency: '通貨',
  total: { invoice: 'ご請求金額（税込）', 'credit-note': '返還金額（税込）' },
  columns: {
    line: 'No.',
    description: '品目',
    period: '取引期間',
    quantity: '数量',
    unitPrice: '単価',
    tax: '税率',
    amount: '金額（税抜）',
  },
  customer: 'お客様',
  subscription: 'サブスクリプション',
  order: '注文',
  types: {
    new: '新規',
    renew: '更新',
    cycleCharge: '定期課金',
    addQuantity: '数量追加',
    removeQuantity: '数量削減',
    cancelImmediate: '解約',
    oneTime: '一回払い',
    manual: '',
  },
  rate: '税率',
  netOfRate: '対象額（税抜）',
  taxOfRate: '税額',
  grossOfRate: '合計（税込）',
  net: '小計（税抜）',
  treatments: {
    standard: '',
    exempt: '非課税',
    'reverse-charge': 'リバースチャージ',
    'outside-scope': '不課税',
  },
  reducedRate: '※は軽減税率対象品目です。',
  termPrices:
    'サブスクリプションの単価は、契約期間全体に対する1単位の税抜価格です。金額は各行の取引期間に対するものです。',
  credited: 'この返還請求書の金額は、貴社への返還額です。',
  reverseCharge: 'リバースチャージ方式により、受領者が納税義務を負います。',
  payTo: 'お振込先',
  pageOf: (page, pages) => `${page} / ${pages} ページ`,
  registrationNumber: '登録番号',
  vatId: 'VAT番号',
  taxId: '税務番号',
  consumptionTax: '消費税',
  vat: '付加価値税',
  otherTax: '税',
};

export const documentTexts: Readonly<Record<DocumentLanguage, DocumentTexts>> = { en, ja };
