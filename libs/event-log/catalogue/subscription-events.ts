import type { ManualChargeEvent } from '../../domain/billing/account/manual-charge.js';
import type { SubscriptionEvent } from '../../domain/billing/subscription/subscription-events.js';
import { type EntriesOf, entry } from './entry.js';
import {
  count,
  currency,
  date,
  decimal,
  object,
  oneOf,
  orNull,
  partnerId,
  tenantId,
  text,
  uuid,
  wholeNumber,
} from './schema.js';

const duration = oneOf('P1M', 'P1Y', 'P3Y');
const billingPlan = oneOf('monthly', 'annual', 'triennial', 'one_time');
const sold = {
  tenantId,
  partnerId,
  currency,
  offerId: text,
  title: text,
  segment: oneOf('commercial', 'nonprofit', 'education', 'gcc'),
  family: oneOf('cloud', 'perpetual-software', 'partner-owned'),
};
const soldOptionally = { providerId: partnerId, market: text };
const term = { from: date, to: date, duration, billingPlan, quantity: count };
const atTermEnd = oneOf('renew', 'cancel');

export const subscriptionEvents: EntriesOf<SubscriptionEvent | ManualChargeEvent> = {
  ManualChargeAssigned: entry(
    'manualcharge',
    'The id of a manual charge, which derives from the billing entity and the reference, was assigned to a payer.',
    object({
      chargeId: uuid,
      entityId: partnerId,
      reference: text,
      payer: text,
      currency,
      amount: decimal,
      description: text,
      taxCategory: text,
      date,
    }),
  ),
  SubscriptionActivated: entry(
    'subscription',
    'A line of a placed order became a subscription, on the day of the order.',
    object(
      {
        subscriptionId: uuid,
        orderId: uuid,
        line: wholeNumber,
        ...sold,
        ...term,
        windowDays: wholeNumber,
        unitPrice: decimal,
        begunAt: wholeNumber,
      },
      soldOptionally,
    ),
  ),
  SubscriptionImported: entry(
    'subscription',
    'A running subscription was taken over. The order gate has not judged it.',
    object(
      {
        subscriptionId: uuid,
        ...sold,
        ...term,
        billedThrough: date,
        unitPrice: decimal,
        prices: object({}, { customer: decimal, reseller: decimal }),
        atTermEnd,
      },
      { ...soldOptionally, vendorId: text },
    ),
  ),
  SubscriptionQuantityChanged: entry(
    'subscription',
    'Seats were removed, or an order added seats. What was scheduled for the end of the term is dropped.',
    object({ on: date, quantity: count, windowDays: wholeNumber }, { orderId: uuid }),
  ),
  SubscriptionSuspended: entry(
    'subscription',
    'The subscription was suspended. It is still billed, and ends with its term.',
    object({ on: date, reason: text }),
  ),
  SubscriptionResumed: entry(
    'subscription',
    'A suspended subscription is active again.',
    object({ on: date, reason: text }),
  ),
  SubscriptionCancelled: entry(
    'subscription',
    'The subscription, or the order that it comes from, was cancelled in its window.',
    object({ on: date, reason: text }, { orderId: uuid }),
  ),
  SubscriptionTermEndSet: entry(
    'subscription',
    'What happens at the end of the term was set.',
    object({ action: atTermEnd, on: date }, { quantity: count, term: duration, billingPlan }),
  ),
  SubscriptionRenewed: entry(
    'subscription',
    'The next term began.',
    object({ ...term, windowDays: wholeNumber, begunAt: wholeNumber }),
  ),
  SubscriptionExpired: entry(
    'subscription',
    'The last term ended the day before.',
    object({ on: date }),
  ),
  SubscriptionVendorIdSet: entry(
    'subscription',
    "Microsoft's own id of the subscription was set; `null` removes it.",
    object({ vendorId: orNull(text) }),
  ),
};
