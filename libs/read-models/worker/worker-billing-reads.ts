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
import type { RequestMethod } from './messages.js';

/** The part of the worker's read models that is about billing. */
export abstract class WorkerBillingReads extends ReadModels {
  /** Calls the method in the worker. */
  protected abstract ask<Answer>(
    method: RequestMethod,
    ...args: readonly unknown[]
  ): Promise<Answer>;

  override listSubscriptions(query: SubscriptionsQuery): Promise<List<SubscriptionRow>> {
    return this.ask('listSubscriptions', query);
  }
  override listCharges(query: ChargesQuery): Promise<List<ChargeRow>> {
    return this.ask('listCharges', query);
  }
  override scanSubscriptions(scan: SubscriptionScan): Promise<ScanPage<SubscriptionRow>> {
    return this.ask('scanSubscriptions', scan);
  }
  override scanOneTimeOrders(scan: OneTimeOrderScan): Promise<ScanPage<OneTimeOrderRow>> {
    return this.ask('scanOneTimeOrders', scan);
  }
  override scanIssuerCharges(scan: IssuerChargesScan): Promise<ScanPage<ChargeRow>> {
    return this.ask('scanIssuerCharges', scan);
  }
  override scanBlockedCharges(scan: BlockedScan): Promise<ScanPage<BlockedRow>> {
    return this.ask('scanBlockedCharges', scan);
  }
  override listPayments(query: PaymentsQuery): Promise<List<PaymentRow>> {
    return this.ask('listPayments', query);
  }
  override findInvoice(invoiceId: string): Promise<InvoiceLocation | undefined> {
    return this.ask('findInvoice', invoiceId);
  }
  override documentsAtPosition(
    query: ReceivablesQuery,
  ): Promise<ReceivablesPage<DocumentAtPosition>> {
    return this.ask('documentsAtPosition', query);
  }
  override ledgersAtPosition(query: ReceivablesQuery): Promise<ReceivablesPage<LedgerAtPosition>> {
    return this.ask('ledgersAtPosition', query);
  }
  override journalAtPosition(query: ReceivablesQuery): Promise<ReceivablesPage<JournalRow>> {
    return this.ask('journalAtPosition', query);
  }
  override listDocuments(query: DocumentsQuery): Promise<List<ListedDocument>> {
    return this.ask('listDocuments', query);
  }
  override findDocument(id: string, minPosition?: Position): Promise<ListedDocument | undefined> {
    return this.ask('findDocument', id, minPosition);
  }
  override listBillingRuns(query: BillingRunsQuery): Promise<List<BillingRunRow>> {
    return this.ask('listBillingRuns', query);
  }
  override runPayers(query: RunPayersPage): Promise<readonly Payer[]> {
    return this.ask('runPayers', query);
  }
  override countRunPayers(query: RunPayersQuery): Promise<number> {
    return this.ask('countRunPayers', query);
  }
}
