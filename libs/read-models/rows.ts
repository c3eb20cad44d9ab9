import type { BillingEntity } from '../domain/billing/parties/billing-entity.js';
import type { TaxRateTable } from '../domain/billing/tax/line-tax.js';
import type { Qualification } from '../domain/customer/customer.js';
import type { ScopeGrant } from '../domain/customer/scope-grant.js';
import type { OrderStatus } from '../domain/order/order.js';
import type { Reason } from '../domain/order/reasons.js';
import type { PartnerModel } from '../domain/partner/partner.js';
import type { EventId, OrderId, PartnerId, TenantId } from '../domain/shared/ids.js';
import type { Money } from '../domain/shared/money.js';

// The rows of lists. Plain JSON: dates and decimals are strings, positions are numbers.

/**
 * A dated fact of a row; `to` is the last day in force. A retracted fact remains, because a later
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
  /**
   * Tenants that are registered as its CSP tenants; `endedOn` is the first day on which one no
   * longer is.
   */
  readonly cspTenants: readonly { readonly tenantId: TenantId; readonly endedOn?: string }[];
  /** The position of `PartnerRegistered`; the list is sorted by it. */
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
  /** The latest agreement, by the log's order. */
  readonly agreement?: AgreementSummary;
  readonly cspAssociation: CspAssociation;
  readonly relationships: readonly (RowFact & { readonly partnerId: PartnerId })[];
  /** Partners with an accepted order of this customer. */
  readonly soldBy: readonly PartnerId[];
  /** The relationships that put it in the scope of keys that are limited to partners. */
  readonly scopeGrants: readonly ScopeGrant[];
  /** The first day on which it is closed. */
  readonly closedOn?: string;
  /** The position of `CustomerRegistered`; the list is sorted by it. */
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
 * The associations that TENANT-1 blocks on. Each of the two alone associates the tenant, so the
 * rule and the row have both.
 */
export interface CspAssociation {
  /**
   * Registrations as a partner's CSP tenant; `endedOn` is the first day on which one no longer
   * blocks.
   */
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
  /** For an order that names no provider: the only possible one. */
  readonly soleProviderId?: PartnerId;
  /**
   * No row is `pending`: for a log without guards a read shows it for orders after the last
   * validated position.
   */
  readonly status: Exclude<OrderStatus, 'pending'>;
  readonly currency: string;
  readonly total?: Money;
  readonly reference?: string;
  readonly lineCount: number;
  /** The time of the decision. */
  readonly placedAt: string;
  /** The order's date (UTC). */
  readonly date: string;
  /**
   * Distinct reason codes in rulebook order, of the refusal or of the decision that voided the
   * order.
   */
  readonly reasons: readonly Reason[];
  readonly cancelledOn?: string;
  /** The positions of these changes, so that the order can be shown as it was known before. */
  readonly cancelledPosition?: number;
  readonly voidedPosition?: number;
  /** The place of the order's decision: position in the log, revision in the customer's stream. */
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

/** The names of a partner or a customer, each with the position from which it is known. */
export interface NamesRow {
  readonly versions: readonly { readonly position: number; readonly name: string }[];
}

export interface BillingEntityRow extends BillingEntity {
  /** The position of `BillingEntityRegistered`; the list is sorted by it. */
  readonly position: number;
}

export interface TaxRatesRow extends TaxRateTable {
  /** The position of the first publication for this day; the list is sorted by it. */
  readonly position: number;
}
