import type { View } from '../engine/states/view.js';
import {
  type BillingEntity,
  type BillingEntityEvent,
  type BillingEntityIdEvent,
  type BillingEntityIdState,
  evolveBillingEntityId,
  type PartnerBilling,
} from '../../domain/billing/parties/billing-entity.js';
import {
  evolvePaymentId,
  type PaymentIdEvent,
  type PaymentIdState,
  unassignedPaymentId,
} from '../../domain/billing/payments/payment-id.js';
import type { BillingEntityId, PartnerId, PaymentId } from '../../domain/shared/ids.js';
import { billingEntityIdStream, paymentStream } from '../../domain/shared/streams.js';
import type { Fold } from '../engine/states/fold.js';
import { partnerBillingFold } from '../records/billing-folds.js';

export { subscriptionFold } from '../records/folds.js';
export {
  accountFold,
  billingProfileFold,
  partnerBillingFold,
  taxRatesFold,
} from '../records/billing-folds.js';

// These streams stay short, so none of the folds keeps snapshots.

/** The same for a request about one entity: it exists if it has the id that the request names. */
export const billingEntityFold = (
  partnerId: PartnerId,
  entityId: BillingEntityId,
): Fold<PartnerBilling, BillingEntityEvent> => ({
  ...partnerBillingFold(partnerId),
  exists: ({ entity }) => entity?.entityId === entityId,
});

export const billingEntityIdFold = (
  entityId: BillingEntityId,
): Fold<BillingEntityIdState, BillingEntityIdEvent> => ({
  stream: billingEntityIdStream(entityId),
  initial: {},
  evolve: evolveBillingEntityId,
});

export const paymentIdFold = (paymentId: PaymentId): Fold<PaymentIdState, PaymentIdEvent> => ({
  stream: paymentStream(paymentId),
  initial: unassignedPaymentId,
  evolve: evolvePaymentId,
});

/** The registered entity with this id. An account names no other, so a missing one is a defect. */
export async function billingEntityOf(
  view: View,
  entityId: BillingEntityId,
): Promise<BillingEntity> {
  const { partnerId } = (await view.load(billingEntityIdFold(entityId))).state;
  const entity =
    partnerId && (await view.load(billingEntityFold(partnerId, entityId))).state.entity;
  if (entity?.entityId !== entityId) throw new Error(`there is no billing entity ${entityId}`);
  return entity;
}
