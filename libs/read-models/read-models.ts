// Longer than 300 lines: the queries of every list, and the class that answers them
import type { ListedSellingPrice, OfferRow, OffersQuery, SellingPricesQuery } from './offers.js';
import type { Customer } from '../domain/customer/customer.js';
import type { OrderStatus } from '../domain/order/order.js';
import type { Partner, PartnerModel } from '../domain/partner/partner.js';
import type { DirectBillApplication } from '../domain/direct-bill/application.js';
import type { CapabilitiesAssessment } from '../domain/direct-bill/assessment.js';
import type { OrderId, PartnerId, RevenueId, StreamName, TenantId } from '../domain/shared/ids.js';
import type { Position } from '../event-log/event-log.js';
import type { ProjectionStatus } from './projection-status.js';
import { SubscriptionReads } from './subscriptions.js';
import type {
  DocumentAtPosition,
  InvoiceLocation,
  JournalRow,
  LedgerAtPosition,
  PaymentRow,
  PaymentsQuery,
  ReceivablesPage,
  ReceivablesQuery,
} from './receivables.js';
import type {
  FoundRevenue,
  RevenueAmounts,
  RevenuePartners,
  RevenuePartnersQuery,
  RevenueQuery,
} from './revenue.js';
import type { SellerCustomerPage, PartnerPage, ScanQuery, PartnerView } from './version-queries.js';
import type { ReconciliationRow, ReconciliationsQuery } from './reconciliations.js';
import type {
  BillingEntityRow,
  CustomerRow,
  ListedOrder,
  OrderRow,
  PartnerRow,
  TaxRatesRow,
} from './rows.js';

/**
 * The parameters of every list. Errors: InvalidLimit, InvalidCursor, PositionNotReached,
 * ReadModelBehind, ProjectionStopped, ReadModelsUnavailable.
 */
export interface ListQuery {
  /** Default 50, at most 500. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the previous page. */
  readonly cursor?: string | undefined;
  /** The answer covers at least this position (read your writes). */
  readonly minPosition?: Position | undefined;
}

/** In the order of creation, stable while events are being added. */
export interface List<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface PartnersQuery extends ListQuery {
  /** Today (UTC): models and relationships are those in force on this day. */
  readonly on: string;
  readonly model?: PartnerModel | undefined;
  /** Partners with a relationship to this provider in force on that day. */
  readonly providerId?: PartnerId | undefined;
  readonly country?: string | undefined;
  /** The partners that a key is limited to; only they are listed. */
  readonly scope?: readonly PartnerId[] | undefined;
}

/**
 * The partners that a key is limited to, and today (UTC). Rows of customers outside their scope are
 * omitted. The scope is judged at the log's head, for any day or position of the query.
 */
export interface ScopeToday {
  readonly partnerIds: readonly PartnerId[];
  readonly on: string;
}

export interface CustomersQuery extends ListQuery {
  /** Today (UTC): a relationship that ended before no longer counts. */
  readonly on: string;
  readonly country?: string | undefined;
  /** Customers with a relationship to this partner, or an accepted order of it. */
  readonly partnerId?: PartnerId | undefined;
  /** Text to find in name and domain, without regard to case and width. */
  readonly q?: string | undefined;
  readonly scope?: ScopeToday | undefined;
}

/** A void that the order validator has appended: the position of the order, and of the void. */
export interface VoidSeen {
  readonly order: Position;
  readonly voided: Position;
}

/** For a log without guards: the orders that are validated. */
export interface OrderValidation {
  /** Every order up to this position has been validated. */
  readonly through: Position;
  /**
   * The orders among them that were voided recently. A read model may not have folded these voids
   * yet.
   */
  readonly voids: readonly VoidSeen[];
}

export interface OrdersQuery extends ListQuery {
  /** Absent for logs with guards, where no order needs validation. */
  readonly validation?: OrderValidation | undefined;
  readonly tenantId?: TenantId | undefined;
  readonly partnerId?: PartnerId | undefined;
  readonly status?: OrderStatus | undefined;
  /** First and last order date (UTC), both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly scope?: ScopeToday | undefined;
}

/**
 * Orders as they were known at a position, without later changes. A query for one page, in the
 * order of the log.
 */
export interface OrdersAtPositionQuery {
  readonly knownAt: Position;
  /** Orders of later days are omitted, and so are changes of an order on a later day. */
  readonly asOf: string;
  /**
   * The rows must include this position, if it is after `knownAt`: a void there belongs to an
   * earlier order.
   */
  readonly foldedThrough?: Position | undefined;
  readonly partnerId?: PartnerId | undefined;
  readonly providerId?: PartnerId | undefined;
  /** First and last order date (UTC), both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only orders that were refused or voided. */
  readonly refused?: true | undefined;
  readonly scope?: ScopeToday | undefined;
  /** Only orders after this position: `next` of the previous page. */
  readonly after?: Position | undefined;
}

export interface OrdersAtPosition {
  readonly items: readonly ListedOrder[];
  /** Undefined if there are no more rows. A page may be short or empty without being the last. */
  readonly next: Position | undefined;
}

export interface BillingEntitiesQuery extends ListQuery {
  readonly partnerId?: PartnerId | undefined;
  /** The partner ids of a scoped key: nothing else is listed. */
  readonly scope?: readonly PartnerId[] | undefined;
}

export interface TaxRatesQuery extends ListQuery {
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
}

/** The place of an order's decision, from which it is folded from its customer's stream. */
export interface OrderLocation {
  readonly tenantId: TenantId;
  readonly partnerId: PartnerId;
  readonly status: OrderRow['status'];
  readonly revision: number;
  readonly position: Position;
}

/**
 * The lists, and other reads of projections. A worker thread or this process answers them, with the
 * same code.
 */
export abstract class ReadModels extends SubscriptionReads {
  abstract listPartners(query: PartnersQuery): Promise<List<PartnerRow>>;
  abstract listCustomers(query: CustomersQuery): Promise<List<CustomerRow>>;
  abstract listOrders(query: OrdersQuery): Promise<List<ListedOrder>>;
  abstract listOffers(query: OffersQuery): Promise<List<OfferRow>>;
  /**
   * Undefined only after the read model has reached the log's head at arrival: then the partner has
   * published none for the market and month.
   */
  abstract listSellingPrices(
    query: SellingPricesQuery,
  ): Promise<List<ListedSellingPrice> | undefined>;
  abstract listBillingEntities(query: BillingEntitiesQuery): Promise<List<BillingEntityRow>>;
  abstract listTaxRates(query: TaxRatesQuery): Promise<List<TaxRatesRow>>;
  abstract listReconciliations(query: ReconciliationsQuery): Promise<List<ReconciliationRow>>;

  abstract listPayments(query: PaymentsQuery): Promise<List<PaymentRow>>;
  /** An issued invoice. Undefined only after the read model has reached the log's head at arrival. */
  abstract findInvoice(invoiceId: string): Promise<InvoiceLocation | undefined>;
  /** Issued documents, ledgers and journal entries as known at a position, in the log's order. */
  abstract documentsAtPosition(
    query: ReceivablesQuery,
  ): Promise<ReceivablesPage<DocumentAtPosition>>;
  abstract ledgersAtPosition(query: ReceivablesQuery): Promise<ReceivablesPage<LedgerAtPosition>>;
  abstract journalAtPosition(query: ReceivablesQuery): Promise<ReceivablesPage<JournalRow>>;

  /**
   * Undefined only after the read model has reached the log's head at arrival: then the order does
   * not exist.
   */
  abstract findOrder(orderId: OrderId, minPosition?: Position): Promise<OrderLocation | undefined>;

  /**
   * A page of the orders known at a position. Throws PositionNotReached, ReadModelBehind,
   * ProjectionStopped.
   */
  abstract ordersAtPosition(query: OrdersAtPositionQuery): Promise<OrdersAtPosition>;
  /**
   * The names of partners and customers as known at a position, by the names of their streams.
   * Throws the same.
   */
  abstract namesAtPosition(
    streams: readonly StreamName[],
    knownAt: Position,
  ): Promise<Readonly<Record<string, string>>>;

  /**
   * The amounts from which `trailingRevenue` computes a partner's answer; empty for a partner
   * without entries.
   */
  abstract revenueAmounts(partnerId: PartnerId, query: RevenueQuery): Promise<RevenueAmounts>;
  /**
   * The entry with its reversals, reviews and payments. Undefined only after the read model has
   * reached the log's head at arrival: then it does not exist.
   */
  abstract findRevenue(
    revenueId: RevenueId,
    minPosition?: Position,
  ): Promise<FoundRevenue | undefined>;
  /**
   * The entries among these (at least one) that are known at the position, in no particular order.
   */
  abstract findRevenues(
    revenueIds: readonly RevenueId[],
    minPosition?: Position,
  ): Promise<readonly FoundRevenue[]>;
  abstract partnersWithRevenue(query: RevenuePartnersQuery): Promise<RevenuePartners>;

  /**
   * Partners as known at a position, one for each id, in that order. An unknown partner has the
   * state before its first event. Throws the same.
   */
  abstract partnersAtPosition(
    view: PartnerView,
    partnerIds: readonly PartnerId[],
    knownAt: Position,
  ): Promise<readonly Partner[]>;
  /** Customers as known at a position, in the same way, with the facts that the gate needs. */
  abstract customersAtPosition(
    tenantIds: readonly TenantId[],
    knownAt: Position,
  ): Promise<readonly Customer[]>;
  abstract scanPartners(view: PartnerView, scan: ScanQuery): Promise<PartnerPage>;
  /** Pairs of a seller and a customer that had a relationship or an order by then. */
  abstract scanSellerCustomers(scan: ScanQuery): Promise<SellerCustomerPage>;
  /**
   * A partner's direct-bill applications, and the assessments of all of them, each in the log's
   * order.
   */
  abstract applicationsOf(
    partnerId: PartnerId,
    knownAt: Position,
  ): Promise<readonly DirectBillApplication[]>;
  abstract assessmentsOf(
    partnerId: PartnerId,
    knownAt: Position,
  ): Promise<readonly CapabilitiesAssessment[]>;

  abstract projections(): Promise<readonly ProjectionStatus[]>;
  /**
   * Requests a rebuild beside the tables in use, and returns. `projections()` reports its progress.
   * Throws UnknownProjection.
   */
  abstract rebuild(name: string): Promise<void>;
  /**
   * Resolves when every projection has reached the position. Throws PositionNotReached,
   * ReadModelBehind, ProjectionStopped.
   */
  abstract waitFor(position: Position, deadlineMs?: number): Promise<void>;
  abstract close(): Promise<void>;
}
