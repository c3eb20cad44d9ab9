import type { AccountEvent } from '../../domain/billing/account/account-events.js';
import {
  evolvePayerAccount,
  newPayerAccount,
  type PayerAccount,
} from '../../domain/billing/account/payer-account.js';
import {
  type BillingEntityEvent,
  evolveBillingEntity,
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
  type CountryTaxRates,
  evolveTaxRates,
  noTaxRates,
  type TaxRatesEvent,
} from '../../domain/billing/tax/tax-rates.js';
import type { PartnerId } from '../../domain/shared/ids.js';
import {
  accountStream,
  billingEntityStream,
  billingProfileStream,
  taxRatesStream,
} from '../../domain/shared/streams.js';
import type { Fold } from '../engine/states/fold.js';

// The streams of billing that the order gate reads. They stay short, so none of the folds keeps
// snapshots.

/** The partner's billing entity, whatever its id. */
export const partnerBillingFold = (
  partnerId: PartnerId,
): Fold<PartnerBilling, BillingEntityEvent> => ({
  stream: billingEntityStream(partnerId),
  initial: noBillingEntity,
  evolve: evolveBillingEntity,
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
