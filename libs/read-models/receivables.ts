import type { Account } from '../domain/billing/receivables/account.js';
import type { Earnings, Posting } from '../domain/billing/receivables/journal.js';
import type { Payer } from '../domain/billing/parties/billing-profile.js';
import type { DocumentKind } from '../domain/billing/documents/document.js';
import type { RateTax } from '../domain/billing/tax/document-tax.js';
import type { BillingEntityId, EventId } from '../domain/shared/ids.js';
import type { Position } from '../event-log/event-log.js';
import type { ListQuery } from './read-models.js';

// Rows and queries of the projection `receivables`. Amounts are decimals in the row's currency.

interface InLedger {
  readonly entityId: BillingEntityId;
  readonly payer: Payer;
  readonly currency: string;
}

/** The account of a payer with one issuer in one currency. */
export interface LedgerRow extends InLedger {
  /** The position of the first change of its balance. */
  readonly position: Position;
}

/** An event that changes a balance; its postings sum to zero. */
export interface JournalRow extends InLedger {
  readonly position: Position;
  readonly eventId: EventId;
  readonly on: string;
  /** The key of its ledger. */
  readonly ledger: string;
  readonly postings: readonly Posting[];
}

/** A change of the open amount of an invoice: `open` is `total` less all of them. */
export type InvoiceChange = readonly [
  position: Position,
  on: string,
  field: 'paid' | 'credited' | 'writtenOff',
  amount: string,
];

/** A draft, or an issued document. */
export interface ReceivableDocumentRow extends InLedger {
  readonly documentId: string;
  readonly kind: DocumentKind;
  readonly ledger: string;
  readonly net: string;
  readonly tax: string;
  readonly total: string;
  readonly taxes: readonly RateTax[];
  /** Net amounts by family, positive on both kinds of documents. */
  readonly revenue: Earnings['revenue'];
  readonly creditOf?: string;
  readonly runId?: string;
  readonly number?: string;
  readonly issuedOn?: string;
  readonly dueOn?: string;
  /** The position of the issue. */
  readonly position?: Position;
  readonly changes: readonly InvoiceChange[];
}

/** An issued document as of a day and as known at a position. */
export interface DocumentAtPosition extends InLedger {
  readonly position: Position;
  readonly documentId: string;
  readonly kind: DocumentKind;
  readonly number: string;
  readonly issuedOn: string;
  readonly dueOn?: string;
  readonly net: string;
  readonly tax: string;
  readonly total: string;
  readonly paid: string;
  readonly credited: string;
  readonly writtenOff: string;
}

/** A ledger as of a day and as known at a position. */
export interface LedgerAtPosition extends InLedger {
  readonly position: Position;
  /** The number of invoices with an open amount. */
  readonly open: readonly { readonly dueOn: string; readonly amount: string }[];
  readonly creditBalance: string;
}

/** A payment, with the account that has the changes of this payment alone. */
export interface PaymentRow extends InLedger {
  readonly paymentId: string;
  readonly receivedOn: string;
  readonly account: Account;
  readonly position: Position;
}

/** Rows as of a day and as known at a position, a page at a time. */
export interface ReceivablesQuery {
  readonly asOf: string;
  readonly knownAt: Position;
  /** First and last day, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only documents of these issuers. */
  readonly entityIds?: readonly BillingEntityId[] | undefined;
  /** `next` of the previous page. */
  readonly after?: Position | undefined;
}

export interface ReceivablesPage<Item> {
  readonly items: readonly Item[];
  /** Undefined if there are no more rows. */
  readonly next: Position | undefined;
}

export interface PaymentsQuery extends ListQuery {
  readonly entityIds?: readonly BillingEntityId[] | undefined;
  readonly payer?: Payer | undefined;
  /** First and last day of receipt, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The account that an invoice is in. */
export interface InvoiceLocation extends InLedger {
  readonly invoiceId: string;
  readonly position: Position;
}
