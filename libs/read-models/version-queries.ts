import type { Partner } from '../domain/partner/partner.js';
import type { PartnerId, TenantId } from '../domain/shared/ids.js';
import type { Position } from '../event-log/event-log.js';
import type { ScopeToday } from './read-models.js';

/**
 * The projections with versions of partners, named after the judgement that each serves. They have
 * no facts of other kinds and no names of signatories.
 */
export type PartnerView = 'eligibility' | 'tenure' | 'direct-bill';

/** A query for one page of the partners or pairs that existed at a position, in the log's order. */
export interface ScanQuery {
  readonly knownAt: Position;
  /** Only those after this position: `next` of the previous page. */
  readonly after?: Position | undefined;
  /** The greatest number; default 500. */
  readonly limit?: number | undefined;
  /** These partners only. */
  readonly partnerIds?: readonly PartnerId[] | undefined;
  /** For pairs: only customers in this scope. */
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
 * A seller and a customer with a relationship, on any days, or with an order, accepted or refused.
 */
export interface SellerCustomerIds {
  readonly tenantId: TenantId;
  readonly partnerId: PartnerId;
}
