import type { OfferPriceKey } from './price-list.js';

/** The row for one term and segment that OFFER-1 chooses on a date, without regard to its limits. */
export function rowForTerm<Row extends OfferPriceKey>(
  rows: readonly Row[],
  price: Pick<OfferPriceKey, 'term' | 'billingPlan' | 'currency' | 'segment'>,
  date: string,
  quantity: number,
): Row | undefined {
  const inForce = rows.filter(
    (row) =>
      row.term === price.term &&
      row.billingPlan === price.billingPlan &&
      row.currency === price.currency &&
      row.segment === price.segment &&
      isInForce(row, date),
  );
  return rowsAt(currentRows(inForce), quantity)[0];
}

export const isInForce = ({ effectiveFrom, effectiveTo }: OfferPriceKey, date: string): boolean =>
  (effectiveFrom ?? '') <= date && date <= (effectiveTo ?? LAST_DAY);

/**
 * Of rows in force with the same offer, term, billing plan and currency: those that no later row of
 * the same segment and tier replaces.
 */
export function currentRows<Row extends OfferPriceKey>(rows: readonly Row[]): readonly Row[] {
  if (rows.length < 2) return rows;
  const current = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.segment}|${row.tierMin ?? ''}|${row.tierMax ?? ''}`;
    const other = current.get(key);
    if (!other || supersedes(row, other)) current.set(key, row);
  }
  const kept = new Set(current.values());
  return rows.filter((row) => kept.has(row));
}

/**
 * Of such rows, the row of each segment that applies to the quantity. If tiers of different dates
 * overlap, the row that starts last applies.
 */
export function rowsAt<Row extends OfferPriceKey>(
  rows: readonly Row[],
  quantity: number,
): readonly Row[] {
  const bySegment = new Map<string, Row>();
  for (const row of rows) {
    const other = bySegment.get(row.segment);
    if (hasInTier(row, quantity) && (!other || supersedes(row, other)))
      bySegment.set(row.segment, row);
  }
  return [...bySegment.values()];
}

const LAST_DAY = '9999-12-31';

const hasInTier = ({ tierMin, tierMax }: OfferPriceKey, quantity: number): boolean =>
  (tierMin === undefined || tierMin <= quantity) && (tierMax === undefined || quantity <= tierMax);

/**
 * The row that starts last applies (decision 0035). Of two that start on the same day, the row that
 * ends first applies: otherwise it never would. No two rows of a list agree in both, so the order
 * of the rows does not matter.
 */
function supersedes(one: OfferPriceKey, other: OfferPriceKey): boolean {
  const [start, otherStart] = [one.effectiveFrom ?? '', other.effectiveFrom ?? ''];
  if (start !== otherStart) return start > otherStart;
  const [end, otherEnd] = [one.effectiveTo ?? LAST_DAY, other.effectiveTo ?? LAST_DAY];
  return end === otherEnd ? one.row < other.row : end < otherEnd;
}
