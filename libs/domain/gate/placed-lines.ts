import type { PriceRow } from '../catalog/price-list.js';
import type { ImportId } from '../shared/ids.js';
import { add, type Money, multiply } from '../shared/money.js';
import type { LineOffer } from './offers.js';
import type { OrderLine, OrderRequest, PlacedOrderLine } from './order.js';

/** The order's lines, each with the row of the price list that was chosen for it: a stored order never needs the list again. */
export function placedLines(
  { lines, currency }: OrderRequest,
  offers: readonly LineOffer[] | undefined,
  importId: ImportId | undefined,
): readonly PlacedOrderLine[] {
  return lines.map((line, index) => {
    const row = offers?.[index]?.chosen;
    return row && importId !== undefined ? placed(line, row, currency, importId) : unplaced(line);
  });
}

/** At the price list's UnitPrice (cost). Absent when a line has no price. */
export function totalOf(lines: readonly PlacedOrderLine[], currency: string): Money | undefined {
  const amounts: Money[] = [];
  for (const { amount } of lines) if (amount !== undefined) amounts.push({ amount, currency });
  const [first, ...others] = amounts;
  return first && amounts.length === lines.length ? add(first, ...others) : undefined;
}

// Members stand in the order of RFC 8785 here and in the decision: a log that need not sort them writes them several times as fast.
const unplaced = ({ offerId, quantity, term, billingPlan }: OrderLine): PlacedOrderLine => ({ billingPlan, offerId, quantity, term });

const placed = (
  { offerId, quantity, term, billingPlan }: OrderLine,
  row: PriceRow,
  currency: string,
  importId: ImportId,
): PlacedOrderLine => ({
  amount: multiply(row.unitPrice, quantity, currency).amount,
  billingPlan,
  ...(row.erpPrice === undefined ? {} : { erpPrice: row.erpPrice }),
  family: row.family,
  offerId,
  quantity,
  segment: row.segment,
  source: { importId, row: row.row },
  term,
  title: row.title,
  unitPrice: row.unitPrice,
});
