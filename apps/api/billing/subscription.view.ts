import type { SubscriptionFactsToday } from '../../../libs/application/billing/subscriptions/subscription-views.js';
import { refundableQuantity } from '../../../libs/domain/billing/subscription/seat-batches.js';
import {
  isRunning,
  type SubscriptionRecord,
} from '../../../libs/domain/billing/subscription/subscription-record.js';
import { cycleOn } from '../../../libs/domain/billing/terms/cycle.js';
import { nextTermStart } from '../../../libs/domain/billing/terms/term.js';
import type { ChargeRow } from '../../../libs/read-models/subscriptions.js';

export function subscriptionView(record: SubscriptionRecord, facts: SubscriptionFactsToday) {
  const { subscriptionId, sold, order, vendorId, subscription, endedOn } = record;
  const { tenantId, partnerId, providerId, market, currency, offerId, title } = sold;
  const { term, atTermEnd, batches } = subscription;
  const money = (amount: string | undefined) =>
    amount === undefined ? undefined : { amount, currency };
  const cycle = cycleOn(term, facts.today);
  const renews = isRunning(subscription) && atTermEnd.action === 'renew';
  return {
    subscriptionId,
    status: subscription.status,
    tenantId,
    partnerId,
    providerId,
    orderId: order?.orderId,
    line: order?.line,
    vendorId,
    offerId,
    title,
    segment: sold.segment,
    family: sold.family,
    market,
    currency,
    quantity: subscription.quantity,
    term: term.duration,
    billingPlan: term.billingPlan,
    termStart: term.from,
    termEnd: term.to,
    cycle: cycle && { from: cycle.from, to: cycle.to },
    renewsOn: renews ? nextTermStart(term) : undefined,
    endedOn,
    atTermEnd,
    prices: {
      cost: money(facts.prices.cost),
      customer: money(facts.prices.customer),
      reseller: money(facts.prices.reseller),
    },
    refundableQuantity: refundableQuantity(batches, facts.today),
    review: facts.isTenantAssociated ? ['tenant-csp-associated'] : [],
  };
}

export function chargeView(charge: ChargeRow) {
  const { currency } = charge;
  const money = (amount: string | undefined) =>
    amount === undefined ? undefined : { amount, currency };
  return {
    chargeId: charge.chargeId,
    type: charge.type,
    half: charge.half,
    ...charge.source,
    reference: charge.reference,
    entityId: charge.entityId,
    payer: charge.payer,
    tenantId: charge.tenantId,
    offerId: charge.offerId,
    description: charge.description,
    family: charge.family,
    from: charge.from,
    to: charge.to,
    date: charge.date,
    quantity: charge.quantity,
    unitPrice: money(charge.unitPrice),
    amount: money(charge.amount),
    cost: money(charge.cost),
    taxCategory: charge.taxCategory,
    documentId: charge.documentId,
  };
}

const yen = (amount: string) => ({ amount, currency: 'JPY' });
const tenantId = '8d1f6a52-53a1-4b0f-8c83-2f6a0f3f7c42';

export const subscriptionExample = {
  subscriptionId: '66c2ea99-fa35-50b8-9c05-293092d403c2',
  status: 'active',
  tenantId,
  partnerId: 'kansai-cloud',
  orderId: '3b0f1c5e-8f0a-5a1e-9b1f-2d9c4a7e6f50',
  line: 0,
  offerId: 'CFQ7TTC0LH18:0001',
  title: 'Microsoft 365 E3',
  segment: 'commercial',
  family: 'cloud',
  market: 'JP',
  currency: 'JPY',
  quantity: 10,
  term: 'P1Y',
  billingPlan: 'monthly',
  termStart: '2026-11-10',
  termEnd: '2027-11-09',
  cycle: { from: '2026-11-10', to: '2026-12-09' },
  renewsOn: '2027-11-10',
  atTermEnd: { action: 'renew' },
  prices: { cost: yen('54000'), customer: yen('64800') },
  refundableQuantity: { total: 10, details: [{ quantity: 10, until: '2026-11-17' }] },
  review: [],
};

export const chargeExample = {
  chargeId: 'c1b3b1d8-0b25-5d5e-9c2b-1f8e6f1d2a3b',
  type: 'new',
  half: 'charge',
  subscriptionId: subscriptionExample.subscriptionId,
  entityId: 'kansai-billing',
  payer: `customer:${tenantId}`,
  tenantId,
  offerId: 'CFQ7TTC0LH18:0001',
  description: 'Microsoft 365 E3',
  family: 'cloud',
  from: '2026-11-10',
  to: '2026-12-09',
  date: '2026-11-10',
  quantity: 10,
  unitPrice: yen('64800'),
  amount: yen('54000'),
  cost: yen('45000'),
  taxCategory: 'standard',
};
