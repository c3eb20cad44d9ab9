import type { View } from '../engine/states/view.js';
import type { AccountEvent } from '../../domain/billing/account/account-events.js';
import {
  evolvePayerAccount,
  newPayerAccount,
  type PayerAccount,
} from '../../domain/billing/account/payer-account.js';
import {
  type BillingEntity,
  type BillingEntityEvent,
  type BillingEntityIdEvent,
  type BillingEntityIdState,
  evolveBillingEntity,
  evolveBillingEntityId,
  noBillingEntity,
  type PartnerBilling,
} from '../../domain/billing/parties/billing-entity.js';
import {
  type BillingProfileEvent,
  evolveBillingProfile,
  noBillingProfile,
  type Payer,
  type PayerBilling,
} from '../../domain/billing/parties/billing-profile.js';
import {
  evolvePaymentId,
  type PaymentIdEvent,
  type PaymentIdState,
  unassignedPaymentId,
} from '../../domain/billing/payments/payment-id.js';
import {
  type CountryTaxRates,
  evolveTaxRates,
  noTaxRates,
  type TaxRatesEvent,
} from '../../domain/billing/tax/tax-rates.js';
import type {
  BillingEntityId,
  PartnerId,
  PaymentId,
  SubscriptionId,
} from '../../domain/shared/ids.js';
import {
  accountStream,
  billingEntityIdStream,
  billingEntityStream,
  billingProfileStream,
  paymentStream,
  subscriptionStream,
  taxRatesStream,
} from '../../domain/shared/streams.js';
import {
  evolveSubscription,
  noSubscription,
  type SubscriptionState,
} from '../../domain/billing/subscription/subscription-record.js';
import type { SubscriptionEvent } from '../../domain/billing/subscription/subscription-events.js';
import type { Fold } from '../engine/states/fold.js';

// These streams stay short, so none of the folds keeps snapshots.

/** The partner's billing entity, whatever its id. */
export const partnerBillingFold = (
  partnerId: PartnerId,
): Fold<PartnerBilling, BillingEntityEvent> => ({
  stream: billingEntityStream(partnerId),
  initial: noBillingEntity,
  evolve: evolveBillingEntity,
});

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

export const billingProfileFold = (payer: Payer): Fold<PayerBilling, BillingProfileEvent> => ({
  stream: billingProfileStream(payer),
  initial: noBillingProfile,
  evolve: evolveBillingProfile,
});

/** It grows with every document of the payer; a snapshot would be written again and again. */
export const accountFold = (payer: Payer): Fold<PayerAccount, AccountEvent> => ({
  stream: accountStream(payer),
  initial: newPayerAccount,
  evolve: evolvePayerAccount,
});

export const paymentIdFold = (paymentId: PaymentId): Fold<PaymentIdState, PaymentIdEvent> => ({
  stream: paymentStream(paymentId),
  initial: unassignedPaymentId,
  evolve: evolvePaymentId,
});

/**
 * One stream has all tax tables of a country. For a request, it exists only if it has a table from
 * the request's day.
 */
export const taxRatesFold = (
  country: string,
  from: string,
): Fold<CountryTaxRates, TaxRatesEvent> => ({
  stream: taxRatesStream(country),
  initial: noTaxRates,
  exists: ({ tables }) => tables.some((table) => table.from === from),
  evolve: evolveTaxRates,
});

/** A subscription's stream grows by an event a term and a change; most have few. */
export const subscriptionFold = (
  subscriptionId: SubscriptionId,
): Fold<SubscriptionState, SubscriptionEvent> => ({
  stream: subscriptionStream(subscriptionId),
  initial: noSubscription,
  exists: ({ record }) => record !== undefined,
  evolve: evolveSubscription,
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
