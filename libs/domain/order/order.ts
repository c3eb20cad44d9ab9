import type { ImportId, PartnerId, SubscriptionId, TenantId } from '../shared/ids.js';
import type { OfferSegment, OfferTerm, BillingPlan, OfferFamily } from '../catalog/price-list.js';

/** A client's request: the body of an order or of an eligibility check. */
export interface OrderRequest {
  readonly partnerId: PartnerId;
  /**
   * The indirect provider that the order goes through. The default is the seller's only provider.
   */
  readonly providerId?: PartnerId;
  readonly tenantId: TenantId;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly reference?: string;
  /** The order adds the seats of its only line to this subscription. */
  readonly subscriptionId?: SubscriptionId;
}

export interface OrderLine {
  /** `ProductId:SkuId`. */
  readonly offerId: string;
  readonly quantity: number;
  readonly term: OfferTerm;
  readonly billingPlan: BillingPlan;
}

/**
 * An order's line in the log: the row of the price list is copied, so that an order never depends
 * on it again.
 */
export interface PlacedOrderLine extends OrderLine {
  readonly title?: string;
  /** The price of one unit for the whole term, in the order's currency. */
  readonly unitPrice?: string;
  readonly erpPrice?: string;
  readonly segment?: OfferSegment;
  readonly family?: OfferFamily;
  /** A category of the tax-rate tables; absent: `standard`. */
  readonly taxCategory?: string;
  /** `unitPrice` × `quantity`, in the currency's minor digits. */
  readonly amount?: string;
  readonly source?: { readonly importId: ImportId; readonly row: number };
}

export type OrderStatus = 'placed' | 'refused' | 'cancelled' | 'pending' | 'voided';
