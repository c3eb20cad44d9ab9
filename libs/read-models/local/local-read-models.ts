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
import type { LogReader, Position } from '../../event-log/event-log.js';
import { UnknownProjection } from '../errors.js';
import type {
  SellerCustomerPage,
  PartnerPage,
  ScanQuery,
  PartnerView,
} from '../version-queries.js';
import type { Projection } from '../projection.js';
import { billingEntitiesProjection } from '../projections/billing-entities.projection.js';
import { customersProjection } from '../projections/customers.projection.js';
import { namesProjection } from '../projections/names.projection.js';
import { partnersProjection } from '../projections/partners.projection.js';
import { reconciliationsProjection } from '../projections/reconciliations.projection.js';
import { taxRatesProjection } from '../projections/tax-rates.projection.js';
import { isPositionKey, keyOf, limitOf, page } from '../queries/cursor.js';
import { nameAtPosition, namesOfStreams } from '../queries/names-at-position.js';
import {
  billingEntitiesAfter,
  reconciliationsAfter,
  taxRatesAfter,
} from '../queries/list-billing.js';
import { customersAfter } from '../queries/list-customers.js';
import { partnersAfter } from '../queries/list-partners.js';
import type { ProjectionStatus } from '../projection-status.js';
import type {
  BillingEntitiesQuery,
  CustomersQuery,
  OrdersAtPosition,
  OrdersAtPositionQuery,
  List,
  ListQuery,
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
  NamesRow,
  PartnerRow,
  TaxRatesRow,
} from '../rows.js';
import type { ReconciliationRow, ReconciliationsQuery } from '../reconciliations.js';
import type { QueryOf, ReadModelStore } from '../store.js';
import { DocumentReader } from './document-reader.js';
import { VersionReader } from './version-reader.js';
import { statusOf } from './projection-status.js';
import { ScopeFilter } from './scope-filter.js';
import { ReceivablesReader } from './receivables-reader.js';
import { SubscriptionReader } from './subscription-reader.js';
import { LocalBillingReads } from './local-billing-reads.js';
import { RevenueReader } from './revenue-reader.js';
import { OfferReader } from './offer-reader.js';
import { OrderReader } from './order-reader.js';
import { assertNotStopped, DEADLINE_MS, type Freshness } from './freshness.js';

export interface LocalParts {
  readonly log: LogReader;
  readonly store: ReadModelStore;
  readonly freshness: Freshness;
  readonly projections: readonly Projection[];
  /** Ends the projector and its store. */
  readonly close: () => Promise<void>;
}

/** The read models, read from the store on this thread. */
export class LocalReadModels extends LocalBillingReads {
  private readonly versions: VersionReader;
  private readonly offers: OfferReader;
  protected readonly documents: DocumentReader;
  private readonly orders: OrderReader;
  private readonly revenue: RevenueReader;
  protected readonly receivables: ReceivablesReader;
  protected readonly subscriptions: SubscriptionReader;
  private readonly scopes: ScopeFilter;

  constructor(private readonly parts: LocalParts) {
    super();
    const select = this.select.bind(this);
    this.scopes = new ScopeFilter(select, () => parts.log.head());
    this.documents = new DocumentReader(parts.log, select);
    this.versions = new VersionReader(select, this.scopes);
    this.offers = new OfferReader(parts.log, select);
    this.orders = new OrderReader(parts, select, this.scopes);
    this.receivables = new ReceivablesReader(parts.log, select);
    this.subscriptions = new SubscriptionReader(select, this.scopes);
    this.revenue = new RevenueReader(parts.log, parts.store, parts.freshness);
  }

  override async listPartners(query: PartnersQuery): Promise<List<PartnerRow>> {
    return this.listByPosition<PartnerRow>(partnersProjection, query, (after, rows) =>
      partnersAfter(after, rows, query),
    );
  }

  override async listCustomers(query: CustomersQuery): Promise<List<CustomerRow>> {
    const minPosition = await this.scopes.covering(query.scope, query.minPosition);
    return this.listByPosition<CustomerRow>(
      customersProjection,
      { ...query, minPosition },
      (after, rows) => customersAfter(after, rows, query),
    );
  }

  override listOffers(query: OffersQuery): Promise<List<OfferRow>> {
    return this.offers.list(query);
  }
  override listSellingPrices(
    query: SellingPricesQuery,
  ): Promise<List<ListedSellingPrice> | undefined> {
    return this.offers.sellingPrices(query);
  }

  override listBillingEntities(query: BillingEntitiesQuery): Promise<List<BillingEntityRow>> {
    return this.listByPosition(billingEntitiesProjection, query, (after, rows) =>
      billingEntitiesAfter(after, rows, query),
    );
  }

  override listTaxRates(query: TaxRatesQuery): Promise<List<TaxRatesRow>> {
    return this.listByPosition(taxRatesProjection, query, (after, rows) =>
      taxRatesAfter(after, rows, query),
    );
  }

  override listReconciliations(query: ReconciliationsQuery): Promise<List<ReconciliationRow>> {
    return this.listByPosition(reconciliationsProjection, query, (after, rows) =>
      reconciliationsAfter(after, rows, query),
    );
  }

  override async namesAtPosition(
    streams: readonly StreamName[],
    knownAt: Position,
  ): Promise<Readonly<Record<string, string>>> {
    const rows = await this.select(namesProjection, namesOfStreams(streams), knownAt);
    // The names projection wrote these rows.
    const named = rows.map(
      ({ key, row }) =>
        [String(key), nameAtPosition(JSON.parse(String(row)) as NamesRow, knownAt)] as const,
    );
    return Object.fromEntries(
      named.filter((one): one is readonly [string, string] => one[1] !== undefined),
    );
  }

  override listOrders(query: OrdersQuery): Promise<List<ListedOrder>> {
    return this.orders.list(query);
  }
  override findOrder(orderId: OrderId, minPosition?: Position): Promise<OrderLocation | undefined> {
    return this.orders.find(orderId, minPosition);
  }
  override ordersAtPosition(query: OrdersAtPositionQuery): Promise<OrdersAtPosition> {
    return this.orders.atPosition(query);
  }

  override partnersAtPosition(
    view: PartnerView,
    partnerIds: readonly PartnerId[],
    knownAt: Position,
  ): Promise<readonly Partner[]> {
    return this.versions.partners(view, partnerIds, knownAt);
  }
  override customersAtPosition(
    tenantIds: readonly TenantId[],
    knownAt: Position,
  ): Promise<readonly Customer[]> {
    return this.versions.customers(tenantIds, knownAt);
  }
  override scanPartners(view: PartnerView, scan: ScanQuery): Promise<PartnerPage> {
    return this.versions.scanPartners(view, scan);
  }
  override scanSellerCustomers(scan: ScanQuery): Promise<SellerCustomerPage> {
    return this.versions.scanSellerCustomers(scan);
  }
  override applicationsOf(
    partnerId: PartnerId,
    knownAt: Position,
  ): Promise<readonly DirectBillApplication[]> {
    return this.versions.applicationsOf(partnerId, knownAt);
  }
  override assessmentsOf(
    partnerId: PartnerId,
    knownAt: Position,
  ): Promise<readonly CapabilitiesAssessment[]> {
    return this.versions.assessmentsOf(partnerId, knownAt);
  }

  override revenueAmounts(partnerId: PartnerId, query: RevenueQuery): Promise<RevenueAmounts> {
    return this.revenue.amounts(partnerId, query);
  }

  override findRevenue(
    revenueId: RevenueId,
    minPosition?: Position,
  ): Promise<FoundRevenue | undefined> {
    return this.revenue.find(revenueId, minPosition);
  }

  override findRevenues(
    revenueIds: readonly RevenueId[],
    minPosition?: Position,
  ): Promise<readonly FoundRevenue[]> {
    return this.revenue.findAll(revenueIds, minPosition);
  }

  override partnersWithRevenue(query: RevenuePartnersQuery): Promise<RevenuePartners> {
    return this.revenue.partners(query);
  }

  override async projections(): Promise<readonly ProjectionStatus[]> {
    const { log, store, projections } = this.parts;
    const builds = await store.builds();
    const head = await log.head();
    return Promise.all(
      projections.map(async (projection) =>
        statusOf(projection, builds, head, await store.rebuildStatus(projection.name)),
      ),
    );
  }

  override async rebuild(name: string): Promise<void> {
    if (!this.parts.projections.some((projection) => projection.name === name))
      throw new UnknownProjection(name);
    await this.parts.store.requestRebuild(name);
  }

  override async waitFor(position: Position, deadlineMs = DEADLINE_MS): Promise<void> {
    const until = Date.now() + deadlineMs;
    for (const projection of this.parts.projections)
      await this.parts.freshness.reach(projection, position, Math.max(0, until - Date.now()));
  }

  override async close(): Promise<void> {
    await this.parts.close();
  }

  private async listByPosition<Item extends { readonly position: number }>(
    projection: Projection,
    query: ListQuery,
    rowsAfter: (after: number, rows: number) => QueryOf,
  ): Promise<List<Item>> {
    const limit = limitOf(query);
    const [after] = keyOf(query.cursor, isPositionKey) ?? [-1];
    const items = await this.items<Item>(
      projection,
      rowsAfter(after, limit + 1),
      query.minPosition,
    );
    return page(items, limit, ({ position }) => [position]);
  }

  private async items<Item>(
    projection: Projection,
    query: QueryOf,
    minPosition?: Position,
  ): Promise<readonly Item[]> {
    const rows = await this.select(projection, query, minPosition);
    // Each projection writes the rows of its tables in its own type.
    return rows.map(({ row }) => JSON.parse(String(row)) as Item);
  }

  private async select(projection: Projection, query: QueryOf, minPosition: Position = -1) {
    await this.parts.freshness.reach(projection, minPosition);
    const { build, rows } = await this.parts.store.select(projection.name, query);
    if (build) assertNotStopped(build);
    return rows;
  }
}
