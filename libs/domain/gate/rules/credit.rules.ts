import {
  additionKey,
  chargedSources,
  type ExpectedCharge,
  firstCharge,
  type PriceOf,
  sellerPrice,
  unchargedLines,
} from '../../billing/credit-limit/credit-charges.js';
import { creditExposure } from '../../billing/credit-limit/credit-exposure.js';
import { creditPositions } from '../../billing/credit-limit/credit-positions.js';
import { isFull, type RecentLine, type RecentOrder } from '../../customer/recent-orders.js';
import { monthOf } from '../../shared/calendar.js';
import { totalOf } from '../../shared/money.js';
import type { Case } from '../case/case.js';
import type { CreditFacts } from '../case/facts.js';
import { fail, notApplicable, pass, rule } from '../case/rule.js';

const source = {
  en: 'The partner bills its customers itself, and bears the risk of what they owe.',
  ja: 'パートナーは顧客に対する請求を自律的に行い、その与信を管理します。',
};

/** Rulesets before 2027-01 had no invoices. */
export const CREDIT_1_OF_2026 = rule('CREDIT-1', source, () => notApplicable);

/**
 * Fails when it cannot be judged, too: a price or a tax that is not known is not counted as zero.
 * The check's fact `unknown` names it.
 */
export const CREDIT_1 = rule('CREDIT-1', source, (gateCase) => {
  const { customer, date, facts, offers } = gateCase;
  const limit = customer.registration?.creditLimit;
  const { credit } = facts;
  if (!limit || !credit || !offers || offers.some(({ chosen }) => !chosen)) return notApplicable;
  const proofs = customer.registration?.proofs;
  const shown = `${limit.amount} ${limit.currency}`;
  const unknown = (what: string) =>
    fail('credit-limit-exceeded', { limit: shown, unknown: what }, proofs);

  const priceOf = sellerPrice(credit.entity.pricing, credit.sellingPriceOf);
  const ofOrder = credit.added ?? chargesOf(orderOf(gateCase), priceOf, gateCase);
  const pending = pendingCharges(gateCase, credit, priceOf);
  if (!ofOrder || !pending) return unknown('price-missing');
  if (pending === 'too-many') return unknown('orders-not-activated');

  const expected = [...pending, ...ofOrder];
  const positions = creditPositions(credit.account, expected, credit, date);
  if (!positions.ok) return unknown(positions.refusal);
  const usd = (currency: string): string | undefined =>
    currency === 'USD' ? '1' : facts.program.exchangeRates.get(monthOf(date))?.usdPerUnit[currency];
  const exposure = creditExposure(positions.value, limit, usd, credit.entity.taxRounding);
  if (!exposure.ok)
    return fail(
      'exchange-rate-missing',
      { currency: exposure.refusal.currency, month: monthOf(date) },
      proofs,
    );
  const found = {
    exposure: `${exposure.value.exposure} ${limit.currency}`,
    limit: shown,
    // Without tax.
    order: `${totalOf(
      ofOrder.map(({ amount }) => amount),
      gateCase.order.currency,
    )} ${gateCase.order.currency}`,
  };
  return exposure.value.isWithinLimit
    ? pass(found, proofs)
    : fail('credit-limit-exceeded', found, proofs);
});

type Dated = Pick<RecentOrder, 'currency' | 'date' | 'lines'>;

/** The order with the rows that were chosen for its lines. */
const orderOf = ({ order: { currency }, offers = [], date }: Case): Dated => ({
  currency,
  date,
  lines: offers.map(({ line, chosen }): RecentLine => {
    const { offerId, quantity, term, billingPlan } = line;
    if (!chosen) return { offerId, quantity, term, billingPlan };
    const { unitPrice, erpPrice, segment, family, taxCategory } = chosen;
    return {
      offerId,
      quantity,
      term,
      billingPlan,
      unitPrice,
      ...(erpPrice !== undefined && { erpPrice }),
      segment,
      family,
      ...(taxCategory !== undefined && { taxCategory }),
    };
  }),
});

/** Undefined: a price is missing. */
function chargesOf(
  order: Dated,
  priceOf: PriceOf,
  { policy }: Case,
): readonly ExpectedCharge[] | undefined {
  const charges: ExpectedCharge[] = [];
  for (const line of order.lines) {
    const unitPrice = priceOf(line, order);
    if (unitPrice === undefined) return undefined;
    charges.push(firstCharge(line, order, unitPrice, policy.prorationRounding));
  }
  return charges;
}

/** The charges of the seller's placed orders that are not on the account yet. */
function pendingCharges(
  gateCase: Case,
  credit: CreditFacts,
  priceOf: PriceOf,
): readonly ExpectedCharge[] | 'too-many' | undefined {
  const { customer, order } = gateCase;
  const { sources, additions } = chargedSources(credit.account);
  const added = new Map<string, number>();
  const charges: ExpectedCharge[] = [];
  for (const [index, recent] of customer.recentOrders.entries()) {
    if (recent.partnerId !== order.partnerId) continue;
    if (recent.added) {
      const { subscriptionId, charge } = recent.added;
      const key = additionKey(subscriptionId, recent.date);
      const place = (added.get(key) ?? 0) + 1;
      added.set(key, place);
      // An addition has two charges: the credit of the old quantity, and the new one.
      if (place * 2 <= (additions.get(key) ?? 0)) continue;
      if (charge !== undefined) {
        const { currency, date: on, lines } = recent;
        const taxCategory = lines[0]?.taxCategory ?? 'standard';
        charges.push({ currency, on, amount: charge, taxCategory });
        continue;
      }
    }
    const lines = recent.added
      ? recent.lines
      : unchargedLines(recent, sources, credit.subscriptionIdOf);
    if (lines.length === 0) continue;
    if (index === 0 && isFull(customer)) return 'too-many';
    const found = chargesOf({ ...recent, lines }, priceOf, gateCase);
    if (!found) return undefined;
    charges.push(...found);
  }
  return charges;
}
