import { REVERSE_CHARGE_WORDING } from '../tax/line-tax.js';
import type { DocumentContent } from './document.js';

export interface Address {
  readonly lines: readonly string[];
  readonly city?: string;
  readonly region?: string;
  readonly postalCode?: string;
  readonly country: string;
}

/** Name and address as they were when the document was issued. */
export interface Party {
  readonly name: string;
  readonly address: Address;
  readonly taxId?: string;
}

/** An earlier document that a credit note names: VAT directive, Art. 219. */
export interface CorrectedDocument {
  readonly documentId: string;
  readonly number: string;
  readonly issuedOn: string;
}

export interface DocumentHeader {
  readonly documentId: string;
  readonly number: string;
  readonly entityId: string;
  /** `customer:<tenantId>` or `partner:<partnerId>`. */
  readonly payer: string;
  readonly issuedOn: string;
  /** For invoices only. */
  readonly dueOn?: string;
  readonly language: 'en' | 'ja';
  readonly issuer: Party;
  readonly recipient: Party;
  /** The payer's own reference. */
  readonly purchaseOrder?: string;
  /** Where the recipient pays to; may have several lines. */
  readonly bankDetails?: string;
  /** For a credit note: the documents that have the corrected charges. */
  readonly corrects?: readonly CorrectedDocument[];
  /** Of a credit note that was requested for an invoice. */
  readonly reason?: string;
}

/**
 * The whole document as it is issued, once. The event that issues it carries the digest of its
 * canonical JSON (RFC 8785), so every value here is a text, a whole number or a list of these.
 * Later changes of names, addresses and settings do not reach it.
 */
export interface FrozenDocument extends DocumentContent, DocumentHeader {
  /** Texts that the law requires, for example of a reverse charge. */
  readonly wording: readonly string[];
}

export function freezeDocument(header: DocumentHeader, content: DocumentContent): FrozenDocument {
  const isReverseCharge = content.taxes.some(({ treatment }) => treatment === 'reverse-charge');
  const wording = isReverseCharge ? [REVERSE_CHARGE_WORDING] : [];
  // In the order of canonical JSON, whose digest takes a fraction of the time then.
  return Object.fromEntries(
    Object.entries({ ...header, ...content, wording }).sort(([a], [b]) => (a < b ? -1 : 1)),
  ) as unknown as FrozenDocument;
}
