import type { AccountEvent } from '../../billing/account/account-events.js';
import { evolvePayerAccount, newPayerAccount } from '../../billing/account/payer-account.js';
import {
  type BillingEntity,
  type BillingEntityEvent,
  evolveBillingEntity,
  noBillingEntity,
} from '../../billing/parties/billing-entity.js';
import {
  type BillingProfileEvent,
  customerPayer,
  evolveBillingProfile,
  noBillingProfile,
} from '../../billing/parties/billing-profile.js';
import { evolveTaxRates, noTaxRates, type TaxRatesEvent } from '../../billing/tax/tax-rates.js';
import { rowForTerm } from '../../catalog/rows-in-force.js';
import type { SellingPriceRow } from '../../catalog/selling-prices.js';
import type { Customer } from '../../customer/customer.js';
import type { OrderRequest } from '../../order/order.js';
import type { Recorded } from '../../shared/event.js';
import { type StreamName, subscriptionId } from '../../shared/ids.js';
import {
  accountStream,
  billingEntityStream,
  billingProfileStream,
  taxRatesStream,
} from '../../shared/streams.js';
import type { CreditFacts } from '../case/facts.js';

/** The part of a world that CREDIT-1 is judged on. */
export interface CreditWorld {
  readonly order: OrderRequest;
  readonly customer: Customer;
  readonly sellingRows: readonly SellingPriceRow[];
  readonly recorded: <E extends Recorded>(stream: StreamName) => readonly E[];
}

/** The streams that a decision reads for CREDIT-1. */
export function creditStreamsIn(world: CreditWorld): readonly StreamName[] {
  const { customer, order } = world;
  if (!customer.registration?.creditLimit) return [];
  const entity = billingEntityStream(order.partnerId);
  const payer = customerPayer(order.tenantId);
  const country = entityIn(world)?.address.country;
  return country === undefined
    ? [entity]
    : [entity, accountStream(payer), billingProfileStream(payer), taxRatesStream(country)];
}

export function creditFactsIn(world: CreditWorld): CreditFacts | undefined {
  const { customer, order, recorded, sellingRows } = world;
  const entity = entityIn(world);
  if (!entity || !customer.registration?.creditLimit) return undefined;
  const payer = customerPayer(order.tenantId);
  const { profile } = recorded<BillingProfileEvent>(billingProfileStream(payer)).reduce(
    evolveBillingProfile,
    noBillingProfile,
  );
  return {
    entity,
    profile,
    account: recorded<AccountEvent>(accountStream(payer)).reduce(
      evolvePayerAccount,
      newPayerAccount,
    ),
    rateTables: recorded<TaxRatesEvent>(taxRatesStream(entity.address.country)).reduce(
      evolveTaxRates,
      noTaxRates,
    ).tables,
    subscriptionIdOf: (orderId, line) => subscriptionId(`subscription of ${orderId} ${line}`),
    sellingPriceOf: (offer, day, quantity) =>
      rowForTerm(
        sellingRows.filter(({ offerId }) => offerId === offer.offerId),
        offer,
        day,
        quantity,
      )?.sellingPrice,
  };
}

const entityIn = ({ order, recorded }: CreditWorld): BillingEntity | undefined =>
  recorded<BillingEntityEvent>(billingEntityStream(order.partnerId)).reduce(
    evolveBillingEntity,
    noBillingEntity,
  ).entity;
