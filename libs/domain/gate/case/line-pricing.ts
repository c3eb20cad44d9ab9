import type { PriceRow } from '../../catalog/price-list.js';
import type { ImportId } from '../../shared/ids.js';
import { add, isDecimal, type Money, multiply } from '../../shared/money.js';
import type { LineOffer } from './offers.js';
import type { OrderLine, OrderRequest, PlacedOrderLine } from '../../order/order.js';

/**
 * `any`: amounts of any size, as in the ruleset 2026-11. `recordable`: at most 15 digits before the
 * point, the limit of events and answers.
 */
export type AmountsAllowed = 'any' | 'recordable';

export interface PricedLines {
  /**
   * Each line with the price-list row that was chosen for it, so that a stored order never needs
   * the list again.
   */
  readonly lines: readonly PlacedOrderLine[];
  /**
   * At the price list's UnitPrice (cost). Absent if a line has no price, or an amount is not
   * allowed.
   */
  readonly total?: Money;
}

export function pricedLines(
  { lines, currency }: OrderRequest,
  offers: readonly LineOffer[] | undefined,
  allowed: AmountsAllowed,
): PricedLines {
  const placedLines = lines.map((line, index) => {
    const offer = offers?.[index];
    return offer?.chosen && offer.list
      ? placed(line, offer.chosen, currency, offer.list.importId, allowed)
      : unplaced(line);
  });
  const total = totalOf(placedLines, currency);
  return total && (allowed === 'any' || isDecimal(total.amount))
    ? { lines: placedLines, total }
    : { lines: placedLines };
}

/** The lines whose amounts are too large to be recorded, or `total` if only their sum is. */
export function tooLarge(
  { currency }: OrderRequest,
  offers: readonly LineOffer[],
): readonly LineOffer[] | 'total' | undefined {
  if (!offers.some(({ chosen }) => chosen && mayBeTooLarge.test(chosen.unitPrice)))
    return undefined;
  const amounts = offers.map(
    ({ chosen, line }) => chosen && multiply(chosen.unitPrice, line.quantity, currency),
  );
  const large = offers.filter((_offer, index) => isTooLarge(amounts[index]));
  if (large.length > 0) return large;
  return isTooLarge(sumOf(amounts)) ? 'total' : undefined;
}

/** With a unit price below a million, 100 lines of a million units each stay within 15 digits. */
const mayBeTooLarge = /^\d{7}/;

/** Whether an event can record the order: the ruleset 2026-11 accepts amounts that it cannot. */
export const isRecordable = ({ lines, total }: PricedLines): boolean =>
  (total === undefined || isDecimal(total.amount)) &&
  lines.every(({ amount }) => amount === undefined || isDecimal(amount));

const isTooLarge = (money: Money | undefined): boolean =>
  money !== undefined && !isDecimal(money.amount);

const totalOf = (lines: readonly PlacedOrderLine[], currency: string): Money | undefined =>
  sumOf(lines.map(({ amount }) => (amount === undefined ? undefined : { amount, currency })));

/** The sum of all amounts; absent if one is absent. */
function sumOf(amounts: readonly (Money | undefined)[]): Money | undefined {
  const [first, ...others] = amounts.filter((amount) => amount !== undefined);
  return first && others.length + 1 === amounts.length ? add(first, ...others) : undefined;
}

// The fields are in the order of RFC 8785, here and in the decision. The log then need not sort
// them, which makes writing several times as fast.
const unplaced = ({ offerId, quantity, term, billingPlan }: OrderLine): PlacedOrderLine => ({
  billingPlan,
  offerId,
  quantity,
  term,
});

const placed = (
  { offerId, quantity, term, billingPlan }: OrderLine,
  row: PriceRow,
  currency: string,
  importId: ImportId,
  allowed: AmountsAllowed,
): PlacedOrderLine => ({
  ...amountOf(row, quantity, currency, allowed),
  billingPlan,
  ...(row.erpPrice === undefined ? {} : { erpPrice: row.erpPrice }),
  family: row.family,
  offerId,
  quantity,
  segment: row.segment,
  source: { importId, row: row.row },
  ...(row.taxCategory === undefined ? {} : { taxCategory: row.taxCategory }),
  term,
  title: row.title,
  unitPrice: row.unitPrice,
});

function amountOf(
  { unitPrice }: PriceRow,
  quantity: number,
  currency: string,
  allowed: AmountsAllowed,
): { readonly amount?: string } {
  const { amount } = multiply(unitPrice, quantity, currency);
  return allowed === 'any' || isDecimal(amount) ? { amount } : {};
}
