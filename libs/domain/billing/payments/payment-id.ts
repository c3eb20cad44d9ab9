import type { Proposed, Recorded } from '../../shared/event.js';
import type { BillingEntityId, PaymentId } from '../../shared/ids.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import type { Payer } from '../parties/billing-profile.js';

/**
 * The stream `payment-<paymentId>` assigns the id, which derives from the billing entity and the
 * reference, to one payer. So a reference has one payment, although each payer has its own account.
 */
export type PaymentIdEvent = Recorded<
  'PaymentIdAssigned',
  { paymentId: PaymentId; entityId: BillingEntityId; reference: string; payer: Payer }
>;

export interface PaymentIdState {
  readonly assigned?: { readonly entityId: BillingEntityId; readonly payer: Payer };
}

export const unassignedPaymentId: PaymentIdState = {};

export const evolvePaymentId = (
  { assigned }: PaymentIdState,
  { data: { entityId, payer } }: PaymentIdEvent,
): PaymentIdState => ({ assigned: assigned ?? { entityId, payer } });

export interface PaymentReferenceReused {
  readonly code: 'payment-reference-reused';
  readonly paymentId: string;
}

/** Assigns the id to the payer; no events if it is assigned to this payer already. */
export function assignPaymentId(
  payment: PaymentIdEvent['data'],
  { assigned }: PaymentIdState,
): Result<readonly Proposed<PaymentIdEvent>[], PaymentReferenceReused> {
  if (assigned && assigned.payer !== payment.payer)
    return refuse({ code: 'payment-reference-reused', paymentId: payment.paymentId });
  return accept(assigned ? [] : [{ type: 'PaymentIdAssigned', data: payment }]);
}
