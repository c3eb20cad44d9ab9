import { customerPayer } from '../../domain/billing/parties/billing-profile.js';
import { rowForTerm } from '../../domain/catalog/rows-in-force.js';
import type { Customer } from '../../domain/customer/customer.js';
import type { CreditFacts } from '../../domain/gate/case/facts.js';
import type { OrderRequest } from '../../domain/order/order.js';
import { monthOf } from '../../domain/shared/calendar.js';
import { subscriptionIdOf } from '../../event-log/identity.js';
import type { Fold } from '../engine/states/fold.js';
import {
  accountFold,
  billingProfileFold,
  partnerBillingFold,
  taxRatesFold,
} from '../records/billing-folds.js';
import { sellingPricesFold } from '../records/folds.js';
import type { PriceRows } from './price-rows.js';

export interface CreditQuestion {
  readonly order: Pick<OrderRequest, 'partnerId' | 'tenantId'>;
  readonly customer: Customer;
  readonly date: string;
  /** Microsoft's code of the customer's market. */
  readonly market: string | undefined;
}

/**
 * What CREDIT-1 needs. For a customer without a credit limit nothing is read; for a seller without
 * a billing entity only that there is none.
 */
export async function creditFacts(
  { order: { partnerId, tenantId }, customer, date, market }: CreditQuestion,
  look: <State>(fold: Fold<State>) => Promise<State>,
  priceRows: PriceRows,
): Promise<CreditFacts | undefined> {
  if (!customer.registration?.creditLimit) return undefined;
  const { entity } = await look(partnerBillingFold(partnerId));
  if (!entity) return undefined;
  const payer = customerPayer(tenantId);
  const account = await look(accountFold(payer));
  const { profile } = await look(billingProfileFold(payer));
  const { tables } = await look(taxRatesFold(entity.address.country, ''));

  // Orders that are not charged yet are usually of this month.
  const months = new Set(
    [date, ...customer.recentOrders.map((recent) => recent.date)].map(monthOf),
  );
  const rowsOf = new Map<string, Awaited<ReturnType<PriceRows['sellingPricesOf']>>>();
  if (market !== undefined)
    for (const month of months) {
      const { published } = await look(sellingPricesFold(partnerId, market, month));
      rowsOf.set(month, await priceRows.sellingPricesOf(published?.importId));
    }
  return {
    entity,
    account,
    profile,
    rateTables: tables,
    subscriptionIdOf,
    sellingPriceOf: (offer, day, quantity) => {
      const rows = rowsOf.get(monthOf(day))?.get(offer.offerId) ?? [];
      return rowForTerm(rows, offer, day, quantity)?.sellingPrice;
    },
  };
}
