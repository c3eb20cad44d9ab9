import type {
  BillingPlan,
  OfferFamily,
  OfferSegment,
  OfferTerm,
} from '../../catalog/price-list.js';
import type { Recorded } from '../../shared/event.js';
import type { BillingEntityId, PartnerId } from '../../shared/ids.js';
import type { Relation } from '../charges/charge.js';

/** A term whose prices are wanted. */
export interface TermToPrice {
  /** `ProductId:SkuId`. */
  readonly offerId: string;
  readonly term: OfferTerm;
  readonly billingPlan: BillingPlan;
  readonly currency: string;
  readonly segment: OfferSegment;
  readonly family: OfferFamily;
  /** Decides the tier. */
  readonly quantity: number;
  /** Microsoft's code of the customer's market. */
  readonly market: string;
  readonly seller: PartnerId;
  /** The provider that an indirect reseller buys through; absent if the seller is direct-bill. */
  readonly provider?: PartnerId;
  /** First day. The lists of its month count. */
  readonly from: string;
  /** The position of the event that begins the term: the order's, or that of the renewal's day. */
  readonly beganAt: number;
}

/** The price of one unit for the whole term in one relation. */
export interface IssuedPrice {
  readonly entityId: BillingEntityId;
  /** The partner whose entity bills. */
  readonly issuer: PartnerId;
  readonly unitPrice: string;
}

/** The prices that a term is locked to, as far as they are published. */
export interface LockedPrices {
  /** UnitPrice of the price list. Always absent for a partner-owned offer. */
  readonly cost?: string;
  /** The seller's price for the customer. */
  readonly customer?: IssuedPrice;
  /** The provider's price for the reseller. */
  readonly reseller?: IssuedPrice;
  /** Of the list's row; absent: `standard`, or the row is not published. */
  readonly taxCategory?: string;
  /**
   * Prices that are not published yet. A partner without a billing entity bills no one, so the
   * price of its relation is absent and not missing.
   */
  readonly missing: readonly ('cost' | Relation)[];
}

/** What a publication can make known: prices of these terms may have been missing before it. */
export interface PricesConcerned {
  /** Absent: every market. */
  readonly market?: string;
  /** Absent: every month. */
  readonly month?: string;
  /** As seller or as provider; absent: every partner. */
  readonly partnerId?: PartnerId;
}

/** The types of events after which a missing price, or a relation, can appear. */
export const priceEventTypes = [
  'PriceListPublished',
  'SellingPricesPublished',
  'PartnerOffersPublished',
  'BillingEntityRegistered',
] as const;
export type PriceEventType = (typeof priceEventTypes)[number];

const isPriceEvent = (type: string): type is PriceEventType =>
  priceEventTypes.some((one) => one === type);

/** The terms that an event can make priceable; undefined: none. */
export function pricesConcernedBy({
  type,
  data,
}: Pick<Recorded, 'type' | 'data'>): PricesConcerned | undefined {
  if (!isPriceEvent(type)) return undefined;
  // The catalogue's form of these four events: each has some of these fields, with this meaning.
  const { market, month, partnerId } = data as PricesConcerned;
  return {
    ...(market !== undefined && { market }),
    ...(month !== undefined && { month }),
    ...(partnerId !== undefined && { partnerId }),
  };
}
