import { isSoldIn } from '../../catalog/partner-offers.js';
import type { OfferSegment, PriceRow } from '../../catalog/price-list.js';
import type { PublishedImport } from '../../catalog/published-import.js';
import { currentRows, isInForce, rowsAt } from '../../catalog/rows-in-force.js';
import type { OrderLine, OrderRequest } from '../../order/order.js';
import type { Facts } from './facts.js';

/** The rows of the price list, or of the seller's own offers, for one line of an order. */
export interface LineOffer {
  readonly line: OrderLine;
  readonly lineIndex: number;
  /** The list to which the rows belong. */
  readonly list: PublishedImport | undefined;
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

type Lists = Pick<
  Facts,
  'priceList' | 'priceRows' | 'partnerOffers' | 'partnerRows' | 'seatsBefore'
>;

/** The seller's own rows for an offer that the market's price list does not have. */
const ownRows = ({ priceRows, partnerRows }: Lists, offerId: string): readonly PriceRow[] =>
  priceRows(offerId).length > 0 ? NO_ROWS : partnerRows(offerId);

/** Whether every line is for an offer that the seller owns. */
export const isPartnerOwned = (
  { lines }: Pick<OrderRequest, 'lines'>,
  { partnerOffers, ...lists }: Lists,
): boolean =>
  partnerOffers?.published !== undefined &&
  lines.length > 0 &&
  lines.every(({ offerId }) => ownRows(lists, offerId).length > 0);

export interface Buyer {
  /** Microsoft's code of the customer's market; undefined if its country is not a CSP market. */
  readonly market: string | undefined;
  readonly mayBuy: readonly string[];
  /**
   * True for an order of the seller's own offers: if no row is for the customer's segments, all
   * rows are offered, because OFFER-3 is not judged.
   */
  readonly isAnySegmentSold: boolean;
}

export const offersOf = (
  { lines, currency }: OrderRequest,
  lists: Lists,
  date: string,
  buyer: Buyer,
): readonly LineOffer[] =>
  lines.map((line, lineIndex) => {
    const own = ownRows(lists, line.offerId).filter((row) => isSoldIn(row, buyer.market));
    const [rows, list] =
      own.length > 0
        ? [own, lists.partnerOffers?.published]
        : [lists.priceRows(line.offerId), lists.priceList?.published];
    const resulting = { ...line, quantity: line.quantity + lists.seatsBefore };
    return { line, lineIndex, list, ...rowsFor(resulting, rows, currency, date, buyer) };
  });

/** The rows that apply to the quantity and whose limits allow it. */
export const rowsAllowing = (rows: readonly PriceRow[], quantity: number): readonly PriceRow[] =>
  rowsAt(rows, quantity).filter(
    ({ minQuantity, maxQuantity }) =>
      (minQuantity === undefined || minQuantity <= quantity) &&
      (maxQuantity === undefined || quantity <= maxQuantity),
  );

function rowsFor(
  line: OrderLine,
  rows: readonly PriceRow[],
  currency: string,
  date: string,
  { mayBuy, isAnySegmentSold }: Buyer,
): Pick<LineOffer, 'onList' | 'inTerm' | 'eligible' | 'chosen'> {
  const onList = rows.filter((row) => row.currency === currency && isInForce(row, date));
  const inTerm = currentRows(
    onList.filter(
      ({ term, billingPlan }) => term === line.term && billingPlan === line.billingPlan,
    ),
  );
  const ofSegments = inTerm.filter(({ segment }) => mayBuy.includes(segment));
  const eligible = isAnySegmentSold && ofSegments.length === 0 ? inTerm : ofSegments;
  return { onList, inTerm, eligible, chosen: preferred(eligible, line.quantity) };
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

const NO_ROWS: readonly PriceRow[] = [];
