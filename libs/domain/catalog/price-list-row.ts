import { accept, refuse, type Result } from '../shared/result.js';
import type { OfferFamily, OfferSegment, PriceRow } from './price-list.js';
import type { PriceListRecord } from './price-list-columns.js';
import { RecordReader } from './price-list-record.js';

/**
 * A row that cannot be ordered: a trial, which Partner Center lists with the billing plan `None`
 * and the price 0, or a deleted one.
 */
export const SKIPPED = 'skipped';

/**
 * One record of the file as a row of the list, or why it cannot be one: every fault of it, not only
 * the first.
 */
export function parsePriceRow(
  record: PriceListRecord,
  rowNumber: number,
  market: string,
): Result<PriceRow | typeof SKIPPED, string> {
  const read = new RecordReader(record);
  if (read.isTrial() || read.isDeleted()) {
    read.market(market);
    return read.faults.length === 0 ? accept(SKIPPED) : refuse(read.faults.join('; '));
  }
  const row = {
    row: rowNumber,
    offerId: read.offerId(),
    ...read.titles(),
    publisher: read.text('Publisher'),
    unitOfMeasure: read.text('UnitOfMeasure'),
    ...read.termAndPlan(),
    currency: read.currency(market),
    unitPrice: read.price('UnitPrice') ?? read.missing('UnitPrice'),
    erpPrice: read.price('ERP Price'),
    segment: read.oneOf('Segment', segments, 'commercial'),
    family: read.oneOf('Family', families, 'cloud'),
    ...read.range('PricingTierRangeMin', 'PricingTierRangeMax', 'tierMin', 'tierMax', 0),
    ...read.range('MinQuantity', 'MaxQuantity', 'minQuantity', 'maxQuantity', 1),
    ...read.effectiveDates(),
    tags: read.text('Tags'),
    taxCategory: read.taxCategory(),
    market: undefined,
  };
  return read.faults.length === 0 ? accept(withoutAbsent(row)) : refuse(read.faults.join('; '));
}

/** Partner Center says Charity and Government. */
const segments: ReadonlyMap<string, OfferSegment> = new Map([
  ['commercial', 'commercial'],
  ['nonprofit', 'nonprofit'],
  ['charity', 'nonprofit'],
  ['education', 'education'],
  ['gcc', 'gcc'],
  ['government', 'gcc'],
]);
/**
 * A partner's own offers are no part of a market's list: they are uploaded for that partner, and
 * only it can sell them.
 */
const families: ReadonlyMap<string, OfferFamily> = new Map([
  ['cloud', 'cloud'],
  ['perpetualsoftware', 'perpetual-software'],
]);

type Loose<Row> = { readonly [Field in keyof Row]: Row[Field] | undefined };

/** An absent cell is an absent field: no log takes `undefined`. */
function withoutAbsent(row: Loose<Required<PriceRow>>): PriceRow {
  const present: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(row)) if (value !== undefined) present[field] = value;
  // Fields that a row must have were read without a fault, so none of them is among those left out.
  return present as unknown as PriceRow;
}
