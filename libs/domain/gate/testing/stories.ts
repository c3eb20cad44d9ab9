import { partnerId } from '../../shared/ids.js';
import { partnerStream } from '../../shared/streams.js';
import type { Reason } from '../../order/reasons.js';
import {
  acceptedDirectOrder,
  acceptedOrder,
  authorizedProvider,
  directBillId,
  observed,
  offerId,
  policy,
  providerId,
  registeredCustomer,
  registeredPartner,
  row,
  signed,
} from './accepted-order.js';
import { limitedOrder } from './limited-order.js';
import type { World } from './world.js';

const secondProvider = partnerId('prov-2');
const customerIn = (country: string): World =>
  acceptedOrder.withoutCustomer('CustomerRegistered').customer(registeredCustomer(country));
const directBill = (type: 'Restricted' | 'Suspended' | 'Revoked'): World =>
  acceptedDirectOrder.seller({
    type: `DirectBillAuthorization${type}`,
    data: { on: '2026-11-01', reason: 'review' },
  });

/** The seller's own offer, ordered for a customer to which it could sell nothing in the program. */
export const ownOffer = row({
  offerId: 'SUPPORT:0001',
  family: 'partner-owned',
  title: 'Support contract',
  unitPrice: '1200.00',
});
export const partnerOwnedOrder: World = acceptedOrder
  .withoutSeller('PartnerLocationStarted', 'PartnerSigningAuthorityStarted')
  .withoutCustomer('CustomerAgreementSigned', 'TenantCspAssociationObserved')
  .withoutPriceLists()
  .owning(ownOffer)
  .orderingLine({ offerId: ownOffer.offerId });

/**
 * For every reason of this ruleset, an order that is refused for that reason only. (Outside the
 * region there can be no location in it, so that order has two reasons.)
 */
export const refusedFor: Readonly<Record<Reason, World>> = {
  'seller-unknown': acceptedOrder.withoutSeller(),
  'seller-membership-inactive': acceptedOrder.withoutSeller('PartnerMembershipStarted'),
  'seller-location-missing': acceptedOrder.withoutSeller('PartnerLocationStarted'),
  'seller-signing-authority-missing': acceptedOrder.withoutSeller('PartnerSigningAuthorityStarted'),
  'provider-relationship-missing': acceptedOrder.withoutSeller(
    'PartnerProviderRelationshipStarted',
  ),
  'provider-not-authorized': acceptedOrder.without(
    partnerStream(providerId),
    'PartnerProviderAuthorizationStarted',
  ),
  'provider-ambiguous': acceptedOrder
    .partner(secondProvider, ...authorizedProvider(secondProvider, 'GB'))
    .seller({
      type: 'PartnerProviderRelationshipStarted',
      data: { providerId: secondProvider, from: '2026-01-01' },
    }),
  'direct-bill-not-authorized': acceptedDirectOrder.withoutSeller('DirectBillAuthorizationStarted'),
  'direct-bill-restricted': directBill('Restricted'),
  'direct-bill-suspended': directBill('Suspended'),
  'direct-bill-revoked': directBill('Revoked'),
  'support-plan-inactive': acceptedDirectOrder.withoutSeller('PartnerSupportPlanStarted'),
  'seller-is-provider': acceptedDirectOrder
    .withoutSeller('PartnerRegistered')
    .seller(registeredPartner(directBillId, 'FR', 'indirect-provider')),
  'market-unknown': customerIn('RU')
    .withoutCustomer('CustomerAgreementSigned')
    .customer(signed({ country: 'RU', language: 'ru-RU' })),
  'market-outside-region': acceptedDirectOrder
    .withoutSeller('PartnerRegistered', 'PartnerLocationStarted')
    .seller(registeredPartner(directBillId, 'JP', 'direct-bill')),
  'currency-not-allowed': acceptedOrder
    .ordering({ currency: 'USD' })
    .selling(row({ currency: 'USD' })),
  'customer-unknown': acceptedOrder.withoutCustomer('CustomerRegistered'),
  'customer-closed': acceptedOrder.customer({
    type: 'CustomerClosed',
    data: { on: '2026-11-01', reason: 'left' },
  }),
  'agreement-missing': acceptedOrder.withoutCustomer('CustomerAgreementSigned'),
  'agreement-not-yet-effective': acceptedOrder
    .withoutCustomer('CustomerAgreementSigned')
    .customer(signed({ signedOn: '2026-11-24' })),
  'agreement-withdrawn': acceptedOrder.customer({
    type: 'CustomerAgreementWithdrawn',
    data: { on: '2026-11-22', reason: 'cancelled' },
  }),
  'agreement-version-superseded': acceptedOrder.program({
    type: 'AgreementVersionPublished',
    data: { version: 'default', from: '2026-01-01', acceptedUntil: '2026-11-21' },
  }),
  'agreement-wrong-market': acceptedOrder
    .withoutCustomer('CustomerAgreementSigned')
    .customer(signed({ country: 'DE', language: 'de-DE' })),
  'agreement-not-offered-in-market': acceptedOrder.program({
    type: 'ReferenceDataPublished',
    data: { name: 'agreement-locales', asOf: '2026-11-01', digest: 'none', rows: [] },
  }),
  'tenant-csp-associated': acceptedOrder.customer(observed(true, '2026-11-20')),
  'tenant-association-unverified': acceptedOrder.withoutCustomer('TenantCspAssociationObserved'),
  'customer-relationship-missing': acceptedOrder.program(
    policy({ customerRelationshipRequired: true }),
  ),
  'price-list-missing': acceptedOrder.withoutPriceLists(),
  'offer-not-on-price-list': acceptedOrder.selling(),
  'offer-term-not-available': acceptedOrder.orderingLine({ term: 'P3Y', billingPlan: 'triennial' }),
  'offer-quantity-out-of-range': acceptedOrder.selling(row({ minQuantity: 11, maxQuantity: 300 })),
  'order-amount-too-large': acceptedOrder.selling(row({ unitPrice: '100000000000000.00' })),
  'offer-segment-not-eligible': acceptedOrder.selling(row({ segment: 'education' })),
  'credit-limit-exceeded': limitedOrder('863.99'),
  'exchange-rate-missing': limitedOrder('1000.00', 'USD'),
};

/** A refusal with many reasons, on two lines. */
export const refusedForMuch: World = refusedFor['agreement-missing']
  .withoutSeller('PartnerMembershipStarted', 'PartnerProviderRelationshipStarted')
  .customer(observed(true, '2026-11-20'))
  .ordering({
    currency: 'USD',
    lines: [
      { offerId, quantity: 10, term: 'P1Y', billingPlan: 'annual' },
      { offerId: 'NONE:0001', quantity: 1, term: 'P1M', billingPlan: 'monthly' },
    ],
  });
