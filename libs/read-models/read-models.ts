import type { Customer } from '../domain/customer/customer.js';
import type { OrderStatus } from '../domain/order/order.js';
import type { Partner, PartnerModel } from '../domain/partner/partner.js';
import type { DirectBillApplication } from '../domain/qualification/application.js';
import type { CapabilitiesAssessment } from '../domain/qualification/assessment.js';
import type { OrderId, PartnerId, RevenueId, StreamName, TenantId } from '../domain/shared/ids.js';
import type { Position } from '../event-log/event-log.js';
import type {
  FoundRevenue,
  RevenueAmounts,
  RevenuePartners,
  RevenuePartnersQuery,
  RevenueQuery,
} from './revenue.js';
import type { SellerCustomerPage, PartnerPage, ScanQuery, PartnerView } from './version-queries.js';
import type { CustomerRow, ListedOrder, OfferRow, OrderRow, PartnerRow } from './rows.js';

/**
 * What every list takes. Errors: InvalidLimit, InvalidCursor, PositionNotReached, ReadModelBehind,
 * ProjectionStopped, ReadModelsUnavailable.
 */
export interface ListQuery {
  /** Default 50, at most 500. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. */
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
  /** The day (UTC) on which models and relationships are asked for: today. */
  readonly on: string;
  readonly model?: PartnerModel | undefined;
  /** Partners with a relationship to this provider in force on that day. */
  readonly providerId?: PartnerId | undefined;
  readonly country?: string | undefined;
  /** The partner ids of a scoped key: nothing else is listed. */
  readonly scope?: readonly PartnerId[] | undefined;
}

/**
 * The partners that a key is limited to, and today (UTC). What is about a customer outside their
 * scope is left out: it is judged at the log's head, whatever day or position the query asks for.
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
  /** In name and domain, without regard to case and width. */
  readonly q?: string | undefined;
  readonly scope?: ScopeToday | undefined;
}

/** A void that the standing process has appended: the order's position, and the void's. */
export interface VoidSeen {
  readonly order: Position;
  readonly voided: Position;
}

/** Over a log without guards: which orders are known to stand. */
export interface OrderValidation {
  /** Every order up to this position has been judged. */
  readonly through: Position;
  /** Those of them that were voided lately: a read model may not have folded that yet. */
  readonly voids: readonly VoidSeen[];
}

export interface OrdersQuery extends ListQuery {
  /** Left out: every order stands (logs with atomic guards). */
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
 * Orders as they were known at a position: what has happened since does not show. A page of a scan
 * in the order of the log.
 */
export interface OrdersAtPositionQuery {
  readonly knownAt: Position;
  /** Orders of later days are left out, and so is what happened to an order on a later day. */
  readonly asOf: string;
  /**
   * The rows must have seen this, where it lies beyond `knownAt`: a void that tells of an order
   * before.
   */
  readonly foldedThrough?: Position | undefined;
  readonly partnerId?: PartnerId | undefined;
  readonly providerId?: PartnerId | undefined;
  /** First and last order date (UTC), both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only what was refused or voided. */
  readonly refused?: true | undefined;
  readonly scope?: ScopeToday | undefined;
  /** Behind this order: `next` of the page before. */
  readonly after?: Position | undefined;
}

export interface OrdersAtPosition {
  readonly items: readonly ListedOrder[];
  /** Undefined: there are no more. A page may be short, or empty, and not the last. */
  readonly next: Position | undefined;
}

export interface OffersQuery extends ListQuery {
  /** Microsoft's market code. */
  readonly market: string;
  /** The day: its month's price list, the rows in force on it. */
  readonly on: string;
  readonly currency?: string | undefined;
  /** In title and offer id. */
  readonly q?: string | undefined;
}

/** Where an order's decision is, to fold it from its customer's stream. */
export interface OrderLocation {
  readonly tenantId: TenantId;
  readonly partnerId: PartnerId;
  readonly status: OrderRow['status'];
  readonly revision: number;
  readonly position: Position;
}

export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  readonly position: Position;
  /** Events of the log behind its checkpoint. */
  readonly lag: number;
  readonly state: 'live' | 'catching-up' | 'rebuilding' | 'stopped';
  /** Of a stopped projection: the event and why. */
  readonly error?: {
    readonly position: Position;
    readonly eventId: string;
    readonly reason: string;
  };
  /** Of the last rebuild (or the one under way). */
  readonly rebuild?: RebuildStatus;
}

export interface RebuildStatus {
  readonly position: Position;
  readonly finished: boolean;
  /**
   * Rows found equal to the old tables'; absent when the versions differ and rows are not
   * comparable.
   */
  readonly comparedRows?: number;
  /** The first row in which the old tables differed from the log. */
  readonly difference?: {
    readonly table: string;
    readonly key: string;
    readonly before: string | null;
    readonly after: string | null;
  };
  /** Why it was given up: the tables in use stay. */
  readonly error?: string;
}

/**
 * The lists, and what else is read from projections. Served by a worker thread or in this process,
 * from the same code.
 */
export abstract class ReadModels {
  abstract listPartners(query: PartnersQuery): Promise<List<PartnerRow>>;
  abstract listCustomers(query: CustomersQuery): Promise<List<CustomerRow>>;
  abstract listOrders(query: OrdersQuery): Promise<List<ListedOrder>>;
  abstract listOffers(query: OffersQuery): Promise<List<OfferRow>>;

  /**
   * Undefined only after the read model has reached the log's head at arrival: the order does not
   * exist.
   */
  abstract findOrder(orderId: OrderId, minPosition?: Position): Promise<OrderLocation | undefined>;

  /**
   * A page of the orders known at a position. Throws PositionNotReached, ReadModelBehind,
   * ProjectionStopped.
   */
  abstract ordersAtPosition(query: OrdersAtPositionQuery): Promise<OrdersAtPosition>;
  /**
   * What partners and customers were called, as known at a position, by the names of their streams.
   * Throws the same.
   */
  abstract namesAtPosition(
    streams: readonly StreamName[],
    knownAt: Position,
  ): Promise<Readonly<Record<string, string>>>;

  /**
   * What `trailingRevenue` computes a partner's answer from; empty for a partner without entries.
   */
  abstract revenueAmounts(partnerId: PartnerId, query: RevenueQuery): Promise<RevenueAmounts>;
  /**
   * The entry with all that became of it. Undefined only after the read model has reached the log's
   * head at arrival: there is none.
   */
  abstract findRevenue(
    revenueId: RevenueId,
    minPosition?: Position,
  ): Promise<FoundRevenue | undefined>;
  /**
   * Those of these entries (at least one is asked for) that are known at the position, in no
   * particular order.
   */
  abstract findRevenues(
    revenueIds: readonly RevenueId[],
    minPosition?: Position,
  ): Promise<readonly FoundRevenue[]>;
  abstract partnersWithRevenue(query: RevenuePartnersQuery): Promise<RevenuePartners>;

  /**
   * Partners as known at a position: one for each id, in that order; an unknown one is as before
   * its first event. Throws the same.
   */
  abstract partnersAtPosition(
    view: PartnerView,
    partnerIds: readonly PartnerId[],
    knownAt: Position,
  ): Promise<readonly Partner[]>;
  /** What the gate needs of customers, in the same way. */
  abstract customersAtPosition(
    tenantIds: readonly TenantId[],
    knownAt: Position,
  ): Promise<readonly Customer[]>;
  abstract scanPartners(view: PartnerView, scan: ScanQuery): Promise<PartnerPage>;
  /** A seller and a customer that had a relationship or an order by then. */
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
   * Starts a rebuild beside the tables in use and returns; `projections()` tells how it goes.
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
