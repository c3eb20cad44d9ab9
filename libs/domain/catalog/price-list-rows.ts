import type { PriceRow } from './price-list.js';

/** What a row of a list is known by; rows that share it are tiers of one price, for different quantities. */
export const offerKey = ({ offerId, term, billingPlan, currency, segment }: PriceRow): string =>
  `${offerId}|${term}|${billingPlan}|${currency}|${segment}`;

/** Finds rows that say twice what one unit costs: the same key, with tiers that have a quantity in common. */
export class DuplicateRows {
  private readonly seen = new Map<string, Tier[]>();

  /** Why the row cannot stand beside those before it; undefined when it can. */
  add(row: PriceRow): string | undefined {
    const key = offerKey(row);
    const tier = { row: row.row, min: row.tierMin ?? 0, max: row.tierMax ?? Infinity };
    const tiers = this.seen.get(key);
    if (!tiers) {
      this.seen.set(key, [tier]);
      return undefined;
    }
    const same = tiers.find(({ min, max }) => tier.min <= max && min <= tier.max);
    if (same) {
      return `the same offer, term, billing plan, currency, segment and ${tier.min === same.min && tier.max === same.max ? 'tier' : 'quantities'} as in row ${same.row}`;
    }
    tiers.push(tier);
    return undefined;
  }
}

interface Tier {
  readonly row: number;
  readonly min: number;
  readonly max: number;
}

/** `import-<id>`: chunks of at most 256 KiB (03-architecture.md, Streams). */
const CHUNK_BYTES_AT_MOST = 256 * 1024;
/** `{"index":…,"rows":[…]}` around the rows. */
const CHUNK_FRAME_BYTES = 64;

/** The rows in the chunks in which the log takes them, each at most 256 KiB of JSON. */
export function chunkRows(rows: readonly PriceRow[], bytesAtMost = CHUNK_BYTES_AT_MOST): readonly (readonly PriceRow[])[] {
  const chunks: PriceRow[][] = [];
  let chunk: PriceRow[] = [];
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

// Every field of a row, in the order of RFC 8785; JSON leaves out those that are absent.
const inCanonicalOrder = (row: PriceRow): { readonly [Field in keyof Required<PriceRow>]: PriceRow[Field] | undefined } => ({
  billingPlan: row.billingPlan,
  currency: row.currency,
  effectiveFrom: row.effectiveFrom,
  effectiveTo: row.effectiveTo,
  erpPrice: row.erpPrice,
  family: row.family,
  maxQuantity: row.maxQuantity,
  minQuantity: row.minQuantity,
  offerId: row.offerId,
  productTitle: row.productTitle,
  publisher: row.publisher,
  row: row.row,
  segment: row.segment,
  tags: row.tags,
  term: row.term,
  tierMax: row.tierMax,
  tierMin: row.tierMin,
  title: row.title,
  unitOfMeasure: row.unitOfMeasure,
  unitPrice: row.unitPrice,
});

/** The digest of a list's content: of its rows as RFC 8785 JSON. The hash is the caller's. */
export const digestOf = (rows: readonly PriceRow[], sha256: (text: string) => string): string =>
  sha256(`[${rows.map((row) => JSON.stringify(inCanonicalOrder(row))).join(',')}]`);

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
