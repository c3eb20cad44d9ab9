import type { Payer } from '../../domain/billing/parties/billing-profile.js';
import type { Position } from '../../event-log/event-log.js';
import type {
  BillingRunRow,
  BillingRunsQuery,
  DocumentsQuery,
  ListedDocument,
  RunPayersPage,
  RunPayersQuery,
} from '../billing-rows.js';
import { type List, ReadModels } from '../read-models.js';
import type {
  DocumentAtPosition,
  InvoiceLocation,
  JournalRow,
  LedgerAtPosition,
  PaymentRow,
  PaymentsQuery,
  ReceivablesPage,
  ReceivablesQuery,
} from '../receivables.js';
import type {
  BlockedRow,
  BlockedScan,
  ChargeRow,
  ChargesQuery,
  IssuerChargesScan,
  OneTimeOrderRow,
  OneTimeOrderScan,
  ScanPage,
  SubscriptionRow,
  SubscriptionScan,
  SubscriptionsQuery,
} from '../subscriptions.js';
import type { DocumentReader } from './document-reader.js';
import type { ReceivablesReader } from './receivables-reader.js';
import type { SubscriptionReader } from './subscription-reader.js';

/** The part of the read models that is about billing. */
export abstract class LocalBillingReads extends ReadModels {
  protected abstract readonly documents: DocumentReader;
  protected abstract readonly receivables: ReceivablesReader;
  protected abstract readonly subscriptions: SubscriptionReader;

  override listDocuments(query: DocumentsQuery): Promise<List<ListedDocument>> {
    return this.documents.listDocuments(query);
  }
  override findDocument(id: string, minPosition?: Position): Promise<ListedDocument | undefined> {
    return this.documents.findDocument(id, minPosition);
  }
  override listBillingRuns(query: BillingRunsQuery): Promise<List<BillingRunRow>> {
    return this.documents.listBillingRuns(query);
  }
  override runPayers(query: RunPayersPage): Promise<readonly Payer[]> {
    return this.documents.runPayers(query);
  }
  override countRunPayers(query: RunPayersQuery): Promise<number> {
    return this.documents.countRunPayers(query);
  }

  override listPayments(query: PaymentsQuery): Promise<List<PaymentRow>> {
    return this.receivables.listPayments(query);
  }
  override findInvoice(invoiceId: string): Promise<InvoiceLocation | undefined> {
    return this.receivables.findInvoice(invoiceId);
  }
  override documentsAtPosition(
    query: ReceivablesQuery,
  ): Promise<ReceivablesPage<DocumentAtPosition>> {
    return this.receivables.documents(query);
  }
  override ledgersAtPosition(query: ReceivablesQuery): Promise<ReceivablesPage<LedgerAtPosition>> {
    return this.receivables.ledgers(query);
  }
  override journalAtPosition(query: ReceivablesQuery): Promise<ReceivablesPage<JournalRow>> {
    return this.receivables.journal(query);
  }

  override listSubscriptions(query: SubscriptionsQuery): Promise<List<SubscriptionRow>> {
    return this.subscriptions.list(query);
  }
  override listCharges(query: ChargesQuery): Promise<List<ChargeRow>> {
    return this.subscriptions.listCharges(query);
  }
  override scanSubscriptions(scan: SubscriptionScan): Promise<ScanPage<SubscriptionRow>> {
    return this.subscriptions.subscriptions(scan);
  }
  override scanOneTimeOrders(scan: OneTimeOrderScan): Promise<ScanPage<OneTimeOrderRow>> {
    return this.subscriptions.oneTimeOrders(scan);
  }
  override scanIssuerCharges(scan: IssuerChargesScan): Promise<ScanPage<ChargeRow>> {
    return this.subscriptions.chargesOfIssuer(scan);
  }
  override scanBlockedCharges(scan: BlockedScan): Promise<ScanPage<BlockedRow>> {
    return this.subscriptions.blockedCharges(scan);
  }
}
