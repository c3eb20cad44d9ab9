import type { PayerAccount } from '../../billing/account/payer-account.js';
import type {
  ExpectedCharge,
  SellingPriceOf,
  SubscriptionIdOf,
} from '../../billing/credit-limit/credit-charges.js';
import type { BillingEntity } from '../../billing/parties/billing-entity.js';
import type { BillingProfile } from '../../billing/parties/billing-profile.js';
import type { TaxRateTable } from '../../billing/tax/line-tax.js';

/** What CREDIT-1 needs of the customer's account with the seller. */
export interface CreditFacts {
  readonly entity: BillingEntity;
  readonly account: PayerAccount;
  readonly profile: BillingProfile | undefined;
  /** Of the entity's country. */
  readonly rateTables: readonly TaxRateTable[];
  readonly sellingPriceOf: SellingPriceOf;
  readonly subscriptionIdOf: SubscriptionIdOf;
  /** For an order of more seats: its charges to the end of the cycle; else those of its lines. */
  readonly added?: readonly ExpectedCharge[];
}
