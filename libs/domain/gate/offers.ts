import type { OfferSegment, PriceRow } from '../catalog/price-list.js';
import { currentRows, isInForce, rowsAt } from '../catalog/rows-in-force.js';
import type { OrderLine, OrderRequest } from '../order/order.js';

/** The rows of the price list for one line of an order. */
export interface LineOffer {
  readonly line: OrderLine;
  readonly lineIndex: number;
  /**
   * Rows of the offer in the order's currency, within their dates. None: the offer is not on the
   * list.
   */
  readonly onList: readonly PriceRow[];
  /** Those of them with the line's term and billing plan, without the superseded ones. */
  readonly inTerm: readonly PriceRow[];
  /** Those of them that the customer's segment may buy. */
  readonly eligible: readonly PriceRow[];
  /** The row whose price the order takes; absent when none fits. */
  readonly chosen: PriceRow | undefined;
}

export const offersOf = (
  order: OrderRequest,
  rowsOf: (offerId: string) => readonly PriceRow[],
  date: string,
  mayBuy: readonly string[],
): readonly LineOffer[] =>
  order.lines.map((line, lineIndex) =>
    lineOffer(line, lineIndex, rowsOf(line.offerId), order.currency, date, mayBuy),
  );

/** The rows that hold for the quantity and whose limits allow it. */
export const rowsAllowing = (rows: readonly PriceRow[], quantity: number): readonly PriceRow[] =>
  rowsAt(rows, quantity).filter(
    ({ minQuantity, maxQuantity }) =>
      (minQuantity === undefined || minQuantity <= quantity) &&
      (maxQuantity === undefined || quantity <= maxQuantity),
  );

function lineOffer(
  line: OrderLine,
  lineIndex: number,
  rows: readonly PriceRow[],
  currency: string,
  date: string,
  mayBuy: readonly string[],
): LineOffer {
  const onList = rows.filter((row) => row.currency === currency && isInForce(row, date));
  const inTerm = currentRows(
    onList.filter(
      ({ term, billingPlan }) => term === line.term && billingPlan === line.billingPlan,
    ),
  );
  const eligible = inTerm.filter(({ segment }) => mayBuy.includes(segment));
  return { line, lineIndex, onList, inTerm, eligible, chosen: preferred(eligible, line.quantity) };
}

/** Where a customer may buy in several segments, the segment of its qualification comes first. */
const preference: Readonly<Record<OfferSegment, number>> = {
  gcc: 0,
  education: 1,
  nonprofit: 2,
  commercial: 3,
};

function preferred(rows: readonly PriceRow[], quantity: number): PriceRow | undefined {
  let best: PriceRow | undefined;
  for (const row of rowsAllowing(rows, quantity))
    if (!best || preference[row.segment] < preference[best.segment]) best = row;
  return best;
}
