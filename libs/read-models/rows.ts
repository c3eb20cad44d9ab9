import type { PriceRow } from '../domain/catalog/price-list.js';
import type { Qualification } from '../domain/customer/customer.js';
import type { ScopeGrant } from '../domain/customer/scope-grant.js';
import type { OrderStatus } from '../domain/order/order.js';
import type { Reason } from '../domain/order/reasons.js';
import type { PartnerModel } from '../domain/partner/partner.js';
import type { EventId, ImportId, OrderId, PartnerId, TenantId } from '../domain/shared/ids.js';
import type { Money } from '../domain/shared/money.js';

// The rows that lists are served from. Plain JSON: dates and decimals are strings, positions are
// numbers.

/**
 * A dated fact of a row: `to` is the last day in force. A retracted one stays, since a later
 * correction may restore it.
 */
export interface RowFact {
  readonly factId: EventId;
  readonly from?: string;
  readonly to?: string;
  readonly retracted?: true;
}

export interface PartnerRow {
  readonly partnerId: PartnerId;
  readonly legalName: string;
  readonly country: string;
  readonly marketCode?: string;
  /**
   * In the log's order; on a day the latest `from` wins, then the last. The first has no `from`.
   */
  readonly models: readonly { readonly model: PartnerModel; readonly from?: string }[];
  readonly locations: readonly (RowFact & {
    readonly partnerLocationId: string;
    readonly country: string;
    readonly marketCode?: string;
  })[];
  readonly memberships: readonly RowFact[];
  readonly providerAuthorizations: readonly RowFact[];
  readonly providerRelationships: readonly (RowFact & { readonly providerId: PartnerId })[];
  /** Registered as its CSP tenants; `endedOn` is the first day on which one no longer is. */
  readonly cspTenants: readonly { readonly tenantId: TenantId; readonly endedOn?: string }[];
  /** Of `PartnerRegistered`: the list's order. */
  readonly position: number;
}

export interface CustomerRow {
  readonly tenantId: TenantId;
  readonly legalName: string;
  readonly country: string;
  readonly marketCode?: string;
  readonly domain?: string;
  readonly language?: string;
  readonly qualifications: readonly Qualification[];
  readonly creditLimit?: Money;
  /** The latest signed, by the log's order. */
  readonly agreement?: AgreementSummary;
  readonly cspAssociation: CspAssociation;
  readonly relationships: readonly (RowFact & { readonly partnerId: PartnerId })[];
  /** Partners with an accepted order of this customer. */
  readonly soldBy: readonly PartnerId[];
  /** By which relationships it is in the scope of keys that are limited to partners. */
  readonly scopeGrants: readonly ScopeGrant[];
  /** First day on which it is closed. */
  readonly closedOn?: string;
  /** Of `CustomerRegistered`: the list's order. */
  readonly position: number;
}

export interface AgreementSummary {
  readonly signedOn: string;
  readonly country: string;
  readonly language: string;
  readonly version: string;
  readonly withdrawnOn?: string;
}

/**
 * What TENANT-1 blocks on, kept apart as the rule does: either of the two associates the tenant.
 */
export interface CspAssociation {
  /** As a partner's CSP tenant; `endedOn` is the first day on which it no longer blocks. */
  readonly registrations: readonly { readonly partnerId: PartnerId; readonly endedOn?: string }[];
  /** The latest observation by `observedOn`; on a tie "associated" wins. */
  readonly observation?: { readonly associated: boolean; readonly observedOn: string };
}

export interface OrderRow {
  readonly orderId: OrderId;
  readonly kind: 'new' | 'add-quantity';
  readonly tenantId: TenantId;
  readonly partnerId: PartnerId;
  readonly providerId?: PartnerId;
  /** The provider that it goes through where it names none: the only one there was. */
  readonly soleProviderId?: PartnerId;
  /**
   * `pending` is no row: over a log without guards a read shows it for what lies beyond the
   * standing checkpoint.
   */
  readonly status: Exclude<OrderStatus, 'pending'>;
  readonly currency: string;
  readonly total?: Money;
  readonly reference?: string;
  readonly lineCount: number;
  /** The instant of the judgement. */
  readonly placedAt: string;
  /** The order's date (UTC). */
  readonly date: string;
  /** Distinct reason codes in rulebook order; of the refusal, or of the decision that voided it. */
  readonly reasons: readonly Reason[];
  readonly cancelledOn?: string;
  /** Where it became what it is, so that it can be told as it was known before. */
  readonly cancelledPosition?: number;
  readonly voidedPosition?: number;
  /** Where the order's decision is: position in the log, revision in the customer's stream. */
  readonly position: number;
  readonly revision: number;
}

/** An order as a list shows it. */
export type ListedOrder = Omit<
  OrderRow,
  'status' | 'soleProviderId' | 'cancelledPosition' | 'voidedPosition'
> & {
  readonly status: OrderStatus;
};

/** The names that a partner or a customer has had, each from a position of the log on. */
export interface NamesRow {
  readonly versions: readonly { readonly position: number; readonly name: string }[];
}

/** A row of a published price list. */
export interface OfferRow extends PriceRow {
  readonly importId: ImportId;
}
