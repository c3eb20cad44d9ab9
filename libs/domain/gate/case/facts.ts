import type { PayerAccount } from '../../billing/account/payer-account.js';
import type {
  ExpectedCharge,
  SellingPriceOf,
  SubscriptionIdOf,
} from '../../billing/credit-limit/credit-charges.js';
import type { BillingEntity } from '../../billing/parties/billing-entity.js';
import type { BillingProfile } from '../../billing/parties/billing-profile.js';
import type { TaxRateTable } from '../../billing/tax/line-tax.js';
import type { PriceList, PriceRow } from '../../catalog/price-list.js';
import type { PartnerOffers } from '../../catalog/partner-offers.js';
import type { Customer } from '../../customer/customer.js';
import type { Program } from '../../program/program.js';
import type { Partner } from '../../partner/partner.js';
import type { JudgementTime } from '../../shared/calendar.js';
import type { StreamName } from '../../shared/ids.js';
import type { PartnerId } from '../../shared/ids.js';

/** Everything that a judgement may use. */
export interface Facts {
  readonly time: JudgementTime;
  readonly program: Program;
  readonly customer: Customer;
  readonly seller: Partner;
  /**
   * Every provider that SELLER-4 may need: the provider that the order names, or those with which
   * the seller has a relationship that day.
   */
  readonly providers: ReadonlyMap<PartnerId, Partner>;
  /** Of the order's month and the customer's market; absent when the market is unknown. */
  readonly priceList?: PriceList;
  /** The rows of that price list for one offer, in any currency, term or segment. */
  readonly priceRows: (offerId: string) => readonly PriceRow[];
  /** The seller's own offers for the order's month; absent if no rule needs them. */
  readonly partnerOffers?: PartnerOffers;
  /** Their rows for one offer. */
  readonly partnerRows: (offerId: string) => readonly PriceRow[];
  /** Absent: the customer has no credit limit, or the seller no billing entity. */
  readonly credit?: CreditFacts;
  /** Seats that the subscription of the order has already; none for a new purchase. */
  readonly seatsBefore: number;
  /** The read set: every foreign stream that was loaded, with its revision; −1 if it is absent. */
  readonly reads: readonly (readonly [stream: StreamName, revision: number])[];
}

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
