import type { OfferFamily } from '../../catalog/price-list.js';
import type { Recorded } from '../../shared/event.js';
import type { BillingEntityId, EventId, PartnerId, TenantId } from '../../shared/ids.js';
import type { ChargeType } from '../charges/charge-basis.js';
import type { ChargeSource, Relation } from '../charges/charge.js';
import type { DocumentKind, DocumentLine } from '../documents/document.js';
import type { Party } from '../documents/frozen-document.js';
import type { DocumentLanguage } from '../parties/billing-entity.js';
import type { Payer } from '../parties/billing-profile.js';
import type { CreditSource, NamedAllocation } from '../receivables/account.js';
import type { Totals } from '../tax/document-tax.js';

/** A charge of a payer, as the account keeps it until it is on a document. Decimals in the currency. */
export interface RecordedCharge {
  readonly chargeId: string;
  readonly type: ChargeType | 'manual';
  readonly half: 'charge' | 'credit';
  /** A manual charge has none. */
  readonly source?: ChargeSource;
  /** For a manual charge: the client's own reference. */
  readonly reference?: string;
  /** The customer; the payer's own manual charges have none. */
  readonly tenantId?: TenantId;
  /** `ProductId:SkuId`; a manual charge has none. */
  readonly offerId?: string;
  /** The term that the charge belongs to; one-time and manual charges have none. */
  readonly term?: { readonly from: string; readonly to: string };
  readonly description: string;
  readonly family: OfferFamily | 'manual';
  readonly from: string;
  /** Last day, included. */
  readonly to: string;
  readonly date: string;
  readonly quantity: number;
  /** One unit for the whole term. */
  readonly unitPrice: string;
  /** Negative for a credit. */
  readonly amount: string;
  /** The same at the price list's UnitPrice; a partner's own offers and manual charges have none. */
  readonly cost?: string;
  readonly taxCategory: string;
  /** The event that began the term, or that changed the subscription. */
  readonly causedBy?: EventId;
}

/** A term, or a one-time purchase, whose charges cannot be recorded until its price is published. */
export interface BlockedCharges {
  readonly source: ChargeSource;
  readonly tenantId: TenantId;
  /** First day of the term. The price lists of its month are looked at. */
  readonly from: string;
  /** Microsoft's code of the customer's market. */
  readonly market?: string;
  readonly offerId: string;
}

/** An issuer and a currency: the part of an account that has documents and a balance of its own. */
export interface LedgerName {
  readonly entityId: BillingEntityId;
  readonly currency: string;
}

/** All of a document but its lines, its number and its dates. */
export interface DocumentDraft extends LedgerName, Totals {
  readonly documentId: string;
  readonly kind: DocumentKind;
  readonly payer: Payer;
  /** The billing run that composed it; a credit note that was requested for an invoice has none. */
  readonly runId?: string;
  /** For a requested credit note: the invoice that it credits, and the reason. */
  readonly creditOf?: string;
  readonly reason?: string;
  readonly language: DocumentLanguage;
  readonly issuer: Party;
  readonly recipient: Party;
  readonly purchaseOrder?: string;
  readonly bankDetails?: string;
  /** For an invoice: the days from its issue to its due date. */
  readonly paymentTermsDays?: number;
  /** For a credit note: the invoices that have the corrected charges. */
  readonly corrects?: readonly string[];
}

type InLedger<Data> = LedgerName & Data;

/** The events of the stream `billing-<payer>`. */
export type AccountEvent =
  | Recorded<
      'ChargesRecorded',
      InLedger<{
        /** The issuer. */
        partnerId: PartnerId;
        /** A manual charge has none. */
        relation?: Relation;
        charges: readonly RecordedCharge[];
      }>
    >
  /** Until `ChargesUnblocked` the payer cannot be billed by the issuer (`price-missing`). */
  | Recorded<
      'ChargesBlocked',
      InLedger<{ partnerId: PartnerId; relation: Relation } & BlockedCharges>
    >
  | Recorded<'ChargesUnblocked', InLedger<Pick<BlockedCharges, 'source' | 'from'>>>
  /** Reserves the charges of its lines. It is always followed by the issue of the document. */
  | Recorded<'DocumentDrafted', DocumentDraft & { lines: number }>
  /** Directly after `DocumentDrafted`, in the same append: its lines in parts. */
  | Recorded<
      'DocumentLinesDrafted',
      InLedger<{ documentId: string; lines: readonly DocumentLine[] }>
    >
  /** The document was issued by its number, in the stream of the numbers. */
  | Recorded<
      'InvoiceIssued',
      InLedger<{
        documentId: string;
        number: string;
        issuedOn: string;
        dueOn: string;
        digest: string;
      }>
    >
  | Recorded<
      'CreditNoteIssued',
      InLedger<{ documentId: string; number: string; issuedOn: string; digest: string }>
    >
  | Recorded<
      'CreditNoteApplied',
      InLedger<{ creditNoteId: string; invoiceId: string; amount: string; on: string }>
    >
  | Recorded<
      'PaymentReceived',
      InLedger<{
        paymentId: string;
        amount: string;
        receivedOn: string;
        reference: string;
        /** The invoices that the payer named, if it did. */
        allocations?: readonly NamedAllocation[];
      }>
    >
  /** Money of the payer, or credit balance of any source, settles an invoice. */
  | Recorded<
      'PaymentAllocated',
      InLedger<{ source: CreditSource; invoiceId: string; amount: string; on: string }>
    >
  | Recorded<
      'PaymentAllocationReversed',
      InLedger<{ source: CreditSource; invoiceId: string; amount: string; on: string }>
    >
  | Recorded<
      'PaymentReversed',
      InLedger<{ paymentId: string; amount: string; on: string; reason: string }>
    >
  | Recorded<
      'RefundPaid',
      InLedger<{
        /** The payment whose refund was requested; the money may have another source. */
        paymentId: string;
        source: CreditSource;
        amount: string;
        on: string;
        reason: string;
      }>
    >
  | Recorded<
      'InvoiceWrittenOff',
      InLedger<{ invoiceId: string; amount: string; on: string; reason: string }>
    >
  | Recorded<
      'InvoiceWriteOffReversed',
      InLedger<{ invoiceId: string; amount: string; on: string }>
    >;

/**
 * The events of `numbering-<entityId>-invoice` and `numbering-<entityId>-credit-note`. The append of
 * one of them issues the document: its number is the event's revision + 1 after the prefix.
 */
export type NumberingEvent = Recorded<
  'InvoiceNumbered' | 'CreditNoteNumbered',
  {
    documentId: string;
    number: string;
    payer: Payer;
    currency: string;
    net: string;
    tax: string;
    total: string;
    issuedOn: string;
    /** SHA-256 of the frozen document's canonical JSON (RFC 8785), in lower-case hexadecimal. */
    digest: string;
  }
>;
