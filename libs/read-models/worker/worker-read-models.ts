import type { Customer } from '../../domain/customer/customer.js';
import type { Partner } from '../../domain/partner/partner.js';
import type { DirectBillApplication } from '../../domain/direct-bill/application.js';
import type { CapabilitiesAssessment } from '../../domain/direct-bill/assessment.js';
import type { ListedSellingPrice, OfferRow, OffersQuery, SellingPricesQuery } from '../offers.js';
import type {
  OrderId,
  PartnerId,
  RevenueId,
  StreamName,
  TenantId,
} from '../../domain/shared/ids.js';
import type { Position } from '../../event-log/event-log.js';
import { ReadModelsUnavailable } from '../errors.js';
import type {
  SellerCustomerPage,
  PartnerPage,
  ScanQuery,
  PartnerView,
} from '../version-queries.js';
import type { ProjectionStatus } from '../projection-status.js';
import type {
  BillingEntitiesQuery,
  CustomersQuery,
  OrdersAtPosition,
  OrdersAtPositionQuery,
  List,
  OrderLocation,
  OrdersQuery,
  PartnersQuery,
  TaxRatesQuery,
} from '../read-models.js';
import type {
  FoundRevenue,
  RevenueAmounts,
  RevenuePartners,
  RevenuePartnersQuery,
  RevenueQuery,
} from '../revenue.js';
import type {
  BillingEntityRow,
  CustomerRow,
  ListedOrder,
  PartnerRow,
  TaxRatesRow,
} from '../rows.js';
import type { ReconciliationRow, ReconciliationsQuery } from '../reconciliations.js';
import type { Snapshot, StreamSnapshot } from '../opened-stores.js';
import type { FromWorker, RequestMethod } from './messages.js';
import { fromWire } from './wire-error.js';
import { WorkerBillingReads } from './worker-billing-reads.js';
import { WorkerThread, type WorkerThreadOptions } from './worker-thread.js';

/**
 * The greatest number of unanswered requests; more are refused, because they would only wait
 * longer.
 */
const MAX_WAITING = 1_000;
/** Bounds the time that the main thread spends on messages, for any number of commits. */
const POST_EVERY_MS = 5;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The read models of the worker thread, called from the main thread by messages. */
export class WorkerReadModels extends WorkerBillingReads {
  private readonly thread: WorkerThread;
  private readonly waiting = new Map<number, Waiting>();
  private kept: StreamSnapshot[] = [];
  private nextId = 0;
  private wakePending = false;
  private scheduled = false;
  private postedAtMs = Number.NEGATIVE_INFINITY;
  private closed = false;

  constructor(options: Pick<WorkerThreadOptions, 'start' | 'report' | 'script'>) {
    super();
    this.thread = new WorkerThread({
      ...options,
      answered: (message) => this.answered(message),
      fell: (reason) => this.fell(reason),
    });
  }

  override listPartners(query: PartnersQuery): Promise<List<PartnerRow>> {
    return this.ask('listPartners', query);
  }
  override listCustomers(query: CustomersQuery): Promise<List<CustomerRow>> {
    return this.ask('listCustomers', query);
  }
  override listOrders(query: OrdersQuery): Promise<List<ListedOrder>> {
    return this.ask('listOrders', query);
  }
  override listOffers(query: OffersQuery): Promise<List<OfferRow>> {
    return this.ask('listOffers', query);
  }
  override listSellingPrices(
    query: SellingPricesQuery,
  ): Promise<List<ListedSellingPrice> | undefined> {
    return this.ask('listSellingPrices', query);
  }
  override listBillingEntities(query: BillingEntitiesQuery): Promise<List<BillingEntityRow>> {
    return this.ask('listBillingEntities', query);
  }
  override listTaxRates(query: TaxRatesQuery): Promise<List<TaxRatesRow>> {
    return this.ask('listTaxRates', query);
  }
  override listReconciliations(query: ReconciliationsQuery): Promise<List<ReconciliationRow>> {
    return this.ask('listReconciliations', query);
  }
  override findOrder(orderId: OrderId, minPosition?: Position): Promise<OrderLocation | undefined> {
    return this.ask('findOrder', orderId, minPosition);
  }
  override ordersAtPosition(query: OrdersAtPositionQuery): Promise<OrdersAtPosition> {
    return this.ask('ordersAtPosition', query);
  }
  override namesAtPosition(
    streams: readonly StreamName[],
    knownAt: Position,
  ): Promise<Readonly<Record<string, string>>> {
    return this.ask('namesAtPosition', streams, knownAt);
  }
  override revenueAmounts(partnerId: PartnerId, query: RevenueQuery): Promise<RevenueAmounts> {
    return this.ask('revenueAmounts', partnerId, query);
  }
  override findRevenue(
    revenueId: RevenueId,
    minPosition?: Position,
  ): Promise<FoundRevenue | undefined> {
    return this.ask('findRevenue', revenueId, minPosition);
  }
  override findRevenues(
    revenueIds: readonly RevenueId[],
    minPosition?: Position,
  ): Promise<readonly FoundRevenue[]> {
    return this.ask('findRevenues', revenueIds, minPosition);
  }
  override partnersWithRevenue(query: RevenuePartnersQuery): Promise<RevenuePartners> {
    return this.ask('partnersWithRevenue', query);
  }
  override partnersAtPosition(
    view: PartnerView,
    partnerIds: readonly PartnerId[],
    knownAt: Position,
  ): Promise<readonly Partner[]> {
    return this.ask('partnersAtPosition', view, partnerIds, knownAt);
  }
  override customersAtPosition(
    tenantIds: readonly TenantId[],
    knownAt: Position,
  ): Promise<readonly Customer[]> {
    return this.ask('customersAtPosition', tenantIds, knownAt);
  }
  override scanPartners(view: PartnerView, scan: ScanQuery): Promise<PartnerPage> {
    return this.ask('scanPartners', view, scan);
  }
  override scanSellerCustomers(scan: ScanQuery): Promise<SellerCustomerPage> {
    return this.ask('scanSellerCustomers', scan);
  }
  override applicationsOf(
    partnerId: PartnerId,
    knownAt: Position,
  ): Promise<readonly DirectBillApplication[]> {
    return this.ask('applicationsOf', partnerId, knownAt);
  }
  override assessmentsOf(
    partnerId: PartnerId,
    knownAt: Position,
  ): Promise<readonly CapabilitiesAssessment[]> {
    return this.ask('assessmentsOf', partnerId, knownAt);
  }
  override projections(): Promise<readonly ProjectionStatus[]> {
    return this.ask('projections');
  }
  override rebuild(name: string): Promise<void> {
    return this.ask('rebuild', name);
  }
  override waitFor(position: Position, deadlineMs?: number): Promise<void> {
    return this.ask('waitFor', position, deadlineMs);
  }

  /**
   * Signals that the log has new events: at once, then not again for a while. A caller that waits
   * for a position sends a request, which wakes the projector itself.
   */
  wake(): void {
    this.wakePending = true;
    this.postSoon();
  }

  keepSnapshot(stream: StreamName, foldVersion: number, snapshot: Snapshot): void {
    // A snapshot is not worth waiting for while the thread is stopped or slow.
    if (this.kept.length < MAX_WAITING) this.kept.push({ stream, foldVersion, snapshot });
    this.postSoon();
  }

  override async close(): Promise<void> {
    this.closed = true;
    await this.thread.close();
  }

  private postSoon(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    if (performance.now() - this.postedAtMs >= POST_EVERY_MS) setImmediate(() => this.postNow());
    else setTimeout(() => this.postNow(), POST_EVERY_MS).unref();
  }

  private postNow(): void {
    this.scheduled = false;
    this.postedAtMs = performance.now();
    if (this.wakePending) this.thread.post({ kind: 'wake' });
    if (this.kept.length > 0) this.thread.post({ kind: 'snapshots', kept: this.kept });
    this.wakePending = false;
    this.kept = [];
  }

  protected override ask<Answer>(
    method: RequestMethod,
    ...args: readonly unknown[]
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new ReadModelsUnavailable('the read models are closed'));
      if (!this.thread.running)
        return reject(new ReadModelsUnavailable('the read models are being restarted'));
      if (this.waiting.size >= MAX_WAITING)
        return reject(
          new ReadModelsUnavailable('too many requests are waiting for the read models'),
        );
      const id = this.nextId++;
      // The method's type gives the type of the worker's answer.
      this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      this.thread.post({ kind: 'request', id, method, args });
    });
  }

  private answered(message: Extract<FromWorker, { kind: 'answer' | 'failure' }>): void {
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.value);
    else waiting?.reject(fromWire(message.error));
  }

  private fell(reason: string): void {
    const error = new ReadModelsUnavailable(
      this.closed ? 'the read models are closed' : `the read models' thread has ended: ${reason}`,
    );
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
