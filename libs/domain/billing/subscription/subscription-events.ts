import type { BillingPlan, OfferFamily, OfferSegment } from '../../catalog/price-list.js';
import type { Recorded } from '../../shared/event.js';
import type { OrderId, PartnerId, SubscriptionId, TenantId } from '../../shared/ids.js';
import type { SubscriptionTerm } from '../terms/term.js';
import type { AtTermEnd } from './subscription.js';

/** What was sold to whom. It never changes. */
export interface SubscribedOffer {
  readonly tenantId: TenantId;
  /** The seller of record. */
  readonly partnerId: PartnerId;
  /** The provider that the seller buys through; a direct-bill partner and own offers have none. */
  readonly providerId?: PartnerId;
  /** Microsoft's code of the customer's market when it bought. */
  readonly market?: string;
  readonly currency: string;
  readonly offerId: string;
  readonly title: string;
  readonly segment: OfferSegment;
  readonly family: OfferFamily;
}

/** The dates of a term, both included, and how it is billed. */
interface TermData {
  from: string;
  to: string;
  duration: SubscriptionTerm;
  billingPlan: BillingPlan;
  quantity: number;
}

/** For how many days seats of this day can be reduced or cancelled (by the policy of that day). */
interface WithWindow {
  windowDays: number;
}

/**
 * The log position of the event that began the term: the order, or the day. The prices of the term
 * are those of this position.
 */
interface WithBegunAt {
  begunAt: number;
}

/** The events of the stream `subscription-<subscriptionId>`. */
export type SubscriptionEvent =
  | Recorded<
      'SubscriptionActivated',
      SubscribedOffer &
        TermData &
        WithWindow &
        WithBegunAt & {
          subscriptionId: SubscriptionId;
          orderId: OrderId;
          /** Index of the order's line, from 0. */
          line: number;
          /** UnitPrice of the order's line: the cost of the first term. */
          unitPrice: string;
        }
    >
  | Recorded<
      'SubscriptionImported',
      SubscribedOffer &
        TermData & {
          subscriptionId: SubscriptionId;
          vendorId?: string;
          /** The last day that was billed elsewhere. */
          billedThrough: string;
          /** The cost and the prices of one unit for the whole term. */
          unitPrice: string;
          prices: { readonly customer?: string; readonly reseller?: string };
          atTermEnd: 'renew' | 'cancel';
        }
    >
  | Recorded<
      'SubscriptionQuantityChanged',
      WithWindow & { on: string; quantity: number; orderId?: OrderId }
    >
  | Recorded<'SubscriptionSuspended', { on: string; reason: string }>
  | Recorded<'SubscriptionResumed', { on: string; reason: string }>
  | Recorded<'SubscriptionCancelled', { on: string; reason: string; orderId?: OrderId }>
  | Recorded<'SubscriptionTermEndSet', AtTermEnd & { on: string }>
  | Recorded<'SubscriptionRenewed', TermData & WithWindow & WithBegunAt>
  /** `on` is the first day after the last term. */
  | Recorded<'SubscriptionExpired', { on: string }>
  | Recorded<'SubscriptionVendorIdSet', { vendorId: string | null }>;
