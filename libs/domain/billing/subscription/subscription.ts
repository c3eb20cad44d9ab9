import type { BillingPlan } from '../../catalog/price-list.js';
import type { ChargeBasis } from '../charges/charge-basis.js';
import type { SubscriptionTerm, Term } from '../terms/term.js';
import type { RefundableQuantity, SeatBatch } from './seat-batches.js';

export type SubscriptionStatus = 'active' | 'suspended' | 'cancelled' | 'expired';

/** What happens when the term ends. Quantity, term and plan are the scheduled change. */
export interface AtTermEnd {
  readonly action: 'renew' | 'cancel';
  readonly quantity?: number;
  readonly term?: SubscriptionTerm;
  readonly billingPlan?: BillingPlan;
}

/** One subscription as its events leave it, without prices: every relation prices the same life. */
export interface Subscription {
  readonly status: SubscriptionStatus;
  readonly term: Term;
  /** How the term began. */
  readonly began: 'activated' | 'renewed' | 'imported';
  /** The event that began it: part of the identity of the charges of its cycles. */
  readonly begunBy: string;
  readonly quantity: number;
  /** Seats with a window; seats that were imported have none. */
  readonly batches: readonly SeatBatch[];
  readonly atTermEnd: AtTermEnd;
  /** Last day that was billed elsewhere before an import. */
  readonly billedThrough?: string;
}

export interface CausedCharge extends ChargeBasis {
  readonly causedBy: string;
}

/** The state after a change, and the charges that the change made due. */
export interface SubscriptionStep {
  readonly subscription: Subscription;
  readonly charges: readonly CausedCharge[];
  /** The change dropped a scheduled quantity, term or plan. */
  readonly hasDroppedSchedule?: true;
}

export type SubscriptionRefusal =
  | { readonly code: 'subscription-not-active'; readonly status: SubscriptionStatus }
  | { readonly code: 'reduction-window-closed'; readonly refundable: RefundableQuantity }
  | { readonly code: 'cancellation-window-closed'; readonly refundable: RefundableQuantity }
  | { readonly code: 'scheduled-quantity-too-large'; readonly quantity: number };

/** A change of a subscription on a day (UTC), and the event that records it. */
export interface SubscriptionChange {
  readonly on: string;
  readonly causedBy: string;
}
