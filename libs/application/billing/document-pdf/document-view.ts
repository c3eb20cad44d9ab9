import type { DocumentLine } from '../../../domain/billing/documents/document.js';
import type { FrozenDocument, Party } from '../../../domain/billing/documents/frozen-document.js';
import { isEuMember } from '../../../domain/billing/tax/eu-members.js';
import type { LineTax } from '../../../domain/billing/tax/line-tax.js';
import { type DocumentTexts, documentTexts } from './document-texts.js';
import { percent } from './document-values.js';

/** A document with the words that it is printed with. */
export interface DocumentView {
  readonly document: FrozenDocument;
  readonly texts: DocumentTexts;
  readonly title: string;
  readonly taxName: string;
}

export function documentView(document: FrozenDocument): DocumentView {
  const texts = documentTexts[document.language];
  return { document, texts, title: titleOf(document, texts), taxName: taxName(document, texts) };
}

function titleOf({ kind, issuer }: FrozenDocument, texts: DocumentTexts): string {
  if (kind === 'invoice') return texts.invoice;
  const isQualified = issuer.address.country === 'JP' && issuer.taxId !== undefined;
  return isQualified ? texts.qualifiedCreditNote : texts.creditNote;
}

function taxName({ issuer, issuedOn }: FrozenDocument, texts: DocumentTexts): string {
  const { country } = issuer.address;
  if (country === 'JP') return texts.consumptionTax;
  return hasVat(country, issuedOn) ? texts.vat : texts.otherTax;
}

export function taxIdText({ address, taxId }: Party, view: DocumentView): string | undefined {
  if (taxId === undefined) return undefined;
  const { texts, document } = view;
  const { country } = address;
  if (country === 'JP') return `${texts.registrationNumber} ${taxId}`;
  return `${hasVat(country, document.issuedOn) ? texts.vatId : texts.taxId} ${taxId}`;
}

/** Countries whose tax is called VAT: those of the EU, and those that kept the name. */
const hasVat = (country: string, on: string): boolean =>
  isEuMember(country, on) || ['CH', 'GB', 'LI', 'NO'].includes(country);

/** Category names are those of the tax rate tables: `reduced`, `super-reduced`. */
export const isReduced = ({ tax }: Pick<DocumentLine, 'tax'>): boolean =>
  tax.treatment === 'standard' && tax.category.includes('reduced');

export const rateText = (
  { treatment, rate }: Pick<LineTax, 'treatment' | 'rate'>,
  { texts }: DocumentView,
): string => (treatment === 'standard' ? percent(rate) : texts.treatments[treatment]);
