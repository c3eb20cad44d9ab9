import { customerPayer } from '../../billing/parties/billing-profile.js';
import type {
  BillingEntityDetails,
  BillingEntityEvent,
} from '../../billing/parties/billing-entity.js';
import type { BillingProfileEvent } from '../../billing/parties/billing-profile.js';
import type { TaxRatesEvent } from '../../billing/tax/tax-rates.js';
import type { CustomerEvent } from '../../customer/customer.js';
import type { Proposed } from '../../shared/event.js';
import { billingEntityId } from '../../shared/ids.js';
import {
  accountStream,
  billingEntityStream,
  billingProfileStream,
  taxRatesStream,
} from '../../shared/streams.js';
import { acceptedOrder, customerId, resellerId } from './accepted-order.js';
import type { World } from './world.js';

export const entityId = billingEntityId('res-1-billing');
export const payer = customerPayer(customerId);
export const account = accountStream(payer);
const address = { lines: ['1 rue de Rivoli'], country: 'FR' };

export const entityRegistered = (
  changes: Partial<BillingEntityDetails> = {},
): Proposed<BillingEntityEvent> => ({
  type: 'BillingEntityRegistered',
  data: {
    entityId,
    partnerId: resellerId,
    legalName: 'Revendeur SARL',
    address,
    currency: 'EUR',
    language: 'en',
    numberPrefix: 'R-',
    paymentTermsDays: 30,
    timeZone: 'Europe/Paris',
    taxRounding: 'half-up',
    pricing: { basis: 'erp-price', adjustmentPercent: '0' },
    ...changes,
  },
});

export const limitSet = (amount: string, currency = 'EUR'): Proposed<CustomerEvent> => ({
  type: 'CustomerDetailsChanged',
  data: { creditLimit: { amount, currency } },
});

/** The seller has a billing entity, and everything that the tax depends on is known. */
export const billedOrder: World = acceptedOrder
  .billing<BillingEntityEvent>(billingEntityStream(resellerId), entityRegistered())
  .billing<BillingProfileEvent>(billingProfileStream(payer), {
    type: 'BillingProfileRegistered',
    data: { payer, address },
  })
  .billing<TaxRatesEvent>(taxRatesStream('FR'), {
    type: 'TaxRatesPublished',
    data: { country: 'FR', from: '2014-01-01', rates: { standard: '0.20', reduced: '0.10' } },
  });

/** The accepted order, 720 euro and 144 euro of tax, for a customer with a credit limit. */
export const limitedOrder = (amount: string, currency = 'EUR'): World =>
  billedOrder.customer(limitSet(amount, currency));
