import type { OfferPriceKey, PriceRow } from './price-list.js';
import type { ListRow, SellingPriceRow } from './selling-prices.js';

/** Identifies a price: rows that share the key are its tiers, for different quantities. */
export const offerKey = ({
  offerId,
  term,
  billingPlan,
  currency,
  segment,
  market,
}: OfferPriceKey & Pick<PriceRow, 'market'>): string =>
  `${offerId}|${term}|${billingPlan}|${currency}|${segment}${market === undefined ? '' : `|${market}`}`;

export interface DuplicateRow {
  readonly row: number;
  readonly reason: string;
}

/**
 * Finds rows that give a second price for one unit on the same days: they have the same key and
 * dates, and their tiers have a quantity in common. Each is reported once. Sorting keeps the work
 * proportional to the number of rows, however many of them share a key.
 */
export function duplicateRows(rows: readonly OfferPriceKey[]): readonly DuplicateRow[] {
  const reasons = new Map<number, string>();
  for (const alike of alikeRows(rows)) {
    const byTier = [...alike].sort(
      (one, other) => tierMin(one) - tierMin(other) || one.row - other.row,
    );
    let widest: OfferPriceKey | undefined;
    for (const row of byTier) {
      if (widest && tierMin(row) <= tierMax(widest)) reportLater(row, widest, reasons);
      if (!widest || tierMax(row) > tierMax(widest)) widest = row;
    }
  }
  return [...reasons]
    .map(([row, reason]) => ({ row, reason }))
    .sort((one, other) => one.row - other.row);
}

/** Groups of rows with the same key and dates, if there are several. */
function* alikeRows(rows: readonly OfferPriceKey[]): Generator<readonly OfferPriceKey[]> {
  const groups = new Map<string, OfferPriceKey[]>();
  for (const row of rows) {
    const key = `${offerKey(row)}|${row.effectiveFrom ?? ''}|${row.effectiveTo ?? ''}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  for (const group of groups.values()) if (group.length > 1) yield group;
}

const tierMin = (row: OfferPriceKey): number => row.tierMin ?? 0;
const tierMax = (row: OfferPriceKey): number => row.tierMax ?? Infinity;

function reportLater(one: OfferPriceKey, other: OfferPriceKey, reasons: Map<number, string>): void {
  const [first, second] = one.row < other.row ? [one, other] : [other, one];
  const what =
    tierMin(one) === tierMin(other) && tierMax(one) === tierMax(other) ? 'tier' : 'quantities';
  reasons.set(
    second.row,
    `the same offer, term, billing plan, currency, segment, dates and ${what} as in row ${first.row}`,
  );
}

/** One event of an import stream holds at most 256 KiB of rows. */
const CHUNK_BYTES_AT_MOST = 256 * 1024;
/** `{"index":…,"rows":[…]}` around the rows. */
const CHUNK_FRAME_BYTES = 64;

/** Splits the rows into the chunks of the import's events, each at most 256 KiB of JSON. */
export function chunkRows<Row extends OfferPriceKey>(
  rows: readonly Row[],
  bytesAtMost = CHUNK_BYTES_AT_MOST,
): readonly (readonly Row[])[] {
  const chunks: Row[][] = [];
  let chunk: Row[] = [];
  let bytes = CHUNK_FRAME_BYTES;
  for (const row of rows) {
    const rowBytes = utf8Bytes(JSON.stringify(row)) + 1;
    if (chunk.length > 0 && bytes + rowBytes > bytesAtMost) {
      chunks.push(chunk);
      chunk = [];
      bytes = CHUNK_FRAME_BYTES;
    }
    chunk.push(row);
    bytes += rowBytes;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}

type Content<Row> = { readonly [Field in keyof Omit<Row, 'row'>]-?: Row[Field] | undefined };

// All fields of a row except its place in the file, in the order of RFC 8785. JSON omits absent
// fields.
const content = (row: PriceRow): Content<PriceRow> => ({
  billingPlan: row.billingPlan,
  currency: row.currency,
  effectiveFrom: row.effectiveFrom,
  effectiveTo: row.effectiveTo,
  erpPrice: row.erpPrice,
  family: row.family,
  market: row.market,
  maxQuantity: row.maxQuantity,
  minQuantity: row.minQuantity,
  offerId: row.offerId,
  productTitle: row.productTitle,
  publisher: row.publisher,
  segment: row.segment,
  tags: row.tags,
  taxCategory: row.taxCategory,
  term: row.term,
  tierMax: row.tierMax,
  tierMin: row.tierMin,
  title: row.title,
  unitOfMeasure: row.unitOfMeasure,
  unitPrice: row.unitPrice,
});

const sellingContent = (row: SellingPriceRow): Content<SellingPriceRow> => ({
  billingPlan: row.billingPlan,
  currency: row.currency,
  effectiveFrom: row.effectiveFrom,
  effectiveTo: row.effectiveTo,
  offerId: row.offerId,
  segment: row.segment,
  sellingPrice: row.sellingPrice,
  term: row.term,
  tierMax: row.tierMax,
  tierMin: row.tierMin,
});

/**
 * The digest of a list's content, independent of the order of its rows: of the rows as RFC 8785
 * JSON without their row numbers, sorted. The caller passes the hash function.
 */
export const digestOfPriceRows = (
  rows: readonly ListRow[],
  sha256: (text: string) => string,
): string =>
  digestOfContents(
    rows.map((row) => contentOf(row)),
    sha256,
  );

/** The content of a row as text: equal rows have equal texts. */
export const contentOf = (row: ListRow): string =>
  JSON.stringify('sellingPrice' in row ? sellingContent(row) : content(row));

export const digestOfContents = (
  contents: readonly string[],
  sha256: (text: string) => string,
): string => sha256(`[${[...contents].sort().join(',')}]`);

function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // A surrogate is half of a character of four bytes: two for each half.
    if (unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff)) bytes += 2;
    else if (unit > 0x7f) bytes += 1;
  }
  return bytes;
}
