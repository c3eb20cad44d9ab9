import type { OfferFamily } from '../../catalog/price-list.js';
import type { ChargeType } from '../charges/charge-basis.js';
import type { ChargeSource } from '../charges/charge.js';
import type { Totals } from '../tax/document-tax.js';
import type { LineTax } from '../tax/line-tax.js';

/** A manual charge belongs to no family of offers. */
export type RevenueFamily = OfferFamily | 'manual';

/** A charge on a document of one issuer, payer and currency. No document has the cost. */
export interface BillableCharge {
  readonly chargeId: string;
  readonly type: ChargeType | 'manual';
  /** A manual charge has none. */
  readonly source?: ChargeSource;
  /** The customer; the payer's own manual charges have none. */
  readonly tenantId?: string;
  readonly description: string;
  readonly family: RevenueFamily;
  readonly from: string;
  readonly to: string;
  readonly date: string;
  readonly quantity: number;
  readonly unitPrice: string;
  /** Negative for a credit. */
  readonly amount: string;
  readonly tax: LineTax;
}

export interface DocumentLine extends BillableCharge {
  readonly lineIndex: number;
  /** On a credit note that was made of an invoice: the line of the invoice. */
  readonly creditedLineIndex?: number;
}

export type DocumentKind = 'invoice' | 'credit-note';

/** The content of a document without number and dates. Amounts of a credit note are positive. */
export interface DocumentContent extends Totals {
  readonly kind: DocumentKind;
  readonly currency: string;
  readonly lines: readonly DocumentLine[];
}

/** The part of an invoice that later credits need. */
export interface IssuedInvoice {
  readonly invoiceId: string;
  readonly lines: readonly DocumentLine[];
}
