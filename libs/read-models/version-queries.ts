import type { Partner } from '../domain/partner/partner.js';
import type { PartnerId, TenantId } from '../domain/shared/ids.js';
import type { Position } from '../event-log/event-log.js';
import type { ScopeToday } from './read-models.js';

/**
 * The projections that keep versions of partners: each what its figure is computed from. Facts of
 * other kinds are empty in them, and a signatory's name is left out.
 */
export type PartnerView = 'eligibility' | 'tenure' | 'direct-bill';

/** A page of all that there was at a position, in the order in which it came into the log. */
export interface ScanQuery {
  readonly knownAt: Position;
  /** Behind this one: `next` of the page before. */
  readonly after?: Position | undefined;
  /** At most so many; default 500. */
  readonly limit?: number | undefined;
  /** These partners only. */
  readonly partnerIds?: readonly PartnerId[] | undefined;
  /** Of pairs: those of customers in it. */
  readonly scope?: ScopeToday | undefined;
}

export interface ScanPage<Item> {
  readonly items: readonly Item[];
  /** Undefined: there are no more. A page may be short, or empty, and not the last. */
  readonly next: Position | undefined;
}

export type PartnerPage = ScanPage<Partner>;
export type SellerCustomerPage = ScanPage<SellerCustomerIds>;

/**
 * A seller and a customer that have a relationship, on whatever days, or an order, accepted or
 * refused.
 */
export interface SellerCustomerIds {
  readonly tenantId: TenantId;
  readonly partnerId: PartnerId;
}
