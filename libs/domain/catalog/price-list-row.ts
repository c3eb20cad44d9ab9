import { accept, refuse, type Result } from '../shared/result.js';
import type { OfferFamily, OfferSegment, PriceRow } from './price-list.js';
import {
  type PriceListColumn,
  type ListColumns,
  priceListColumns,
  type PriceListRecord,
  sellingPriceColumns,
} from './price-list-columns.js';
import { RecordReader } from './price-list-record.js';
import type { ListRow, SellingPriceRow } from './selling-prices.js';

/** The lists that are uploaded as CSV, with the markets that their rows may name. */
export type UploadedList =
  | { readonly kind: 'price-list'; readonly market: string }
  | { readonly kind: 'partner-offers'; readonly markets: readonly string[] }
  | { readonly kind: 'selling-prices'; readonly market: string };

export const columnsOf = ({ kind }: UploadedList): ListColumns =>
  kind === 'selling-prices' ? sellingPriceColumns : priceListColumns;

/**
 * A row that cannot be ordered: a trial, which Partner Center lists with the billing plan `None`
 * and the price 0, or a deleted one.
 */
export const SKIPPED = 'skipped';

/** Returns the record as a row of the list, or all its faults. */
export function parseRow(
  record: PriceListRecord,
  rowNumber: number,
  list: UploadedList,
): Result<ListRow | typeof SKIPPED, string> {
  const read = new RecordReader(record);
  const price = priceColumn(read, list);
  const row =
    read.isTrial(price) || read.isDeleted()
      ? skippedRow(read, list)
      : list.kind === 'selling-prices'
        ? sellingPriceRow(read, rowNumber, list, price)
        : priceRow(read, rowNumber, list);
  return read.faults.length === 0 ? accept(row) : refuse(read.faults.join('; '));
}

const priceColumn = (read: RecordReader, { kind }: UploadedList): PriceListColumn =>
  kind === 'selling-prices' && read.has('SellingPrice') ? 'SellingPrice' : 'UnitPrice';

/** The market that the row names, if that is part of its key. */
function marketOf(read: RecordReader, list: UploadedList): string | undefined {
  if (list.kind === 'partner-offers') return read.oneOfMarkets(list.markets);
  if (list.kind === 'price-list' || read.has('Market')) read.market(list.market);
  return undefined;
}

function skippedRow(read: RecordReader, list: UploadedList): typeof SKIPPED {
  marketOf(read, list);
  return SKIPPED;
}

const priceRow = (read: RecordReader, row: number, list: UploadedList): PriceRow =>
  withoutAbsent<PriceRow>({
    row,
    offerId: read.offerId(),
    ...read.titles(),
    publisher: read.text('Publisher'),
    unitOfMeasure: read.text('UnitOfMeasure'),
    ...read.termAndPlan(),
    market: marketOf(read, list),
    currency: read.currency(),
    unitPrice: read.price('UnitPrice') ?? read.missing('UnitPrice'),
    erpPrice: read.price('ERP Price'),
    segment: read.oneOf('Segment', segments, 'commercial'),
    family: read.oneOf('Family', families[list.kind].stated, families[list.kind].absent),
    ...read.range('PricingTierRangeMin', 'PricingTierRangeMax', 'tierMin', 'tierMax', 0),
    ...read.range('MinQuantity', 'MaxQuantity', 'minQuantity', 'maxQuantity', 1),
    ...read.effectiveDates(),
    tags: read.text('Tags'),
    taxCategory: read.taxCategory(),
  });

function sellingPriceRow(
  read: RecordReader,
  row: number,
  list: UploadedList,
  price: PriceListColumn,
): SellingPriceRow {
  marketOf(read, list);
  // A partner's own offers are sold at the UnitPrice of its list: a price for one is a mistake.
  const { stated, absent } = families[list.kind];
  read.oneOf('Family', stated, absent);
  return withoutAbsent<SellingPriceRow>({
    row,
    offerId: read.offerId(),
    ...read.termAndPlan(),
    currency: read.currency(),
    segment: read.oneOf('Segment', segments, 'commercial'),
    ...read.range('PricingTierRangeMin', 'PricingTierRangeMax', 'tierMin', 'tierMax', 0),
    ...read.effectiveDates(),
    sellingPrice: read.price(price) ?? read.missing(price),
  });
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
interface Families {
  readonly stated: ReadonlyMap<string, OfferFamily>;
  readonly absent: OfferFamily;
}
const ofMicrosoft: Families = {
  stated: new Map([
    ['cloud', 'cloud'],
    ['perpetualsoftware', 'perpetual-software'],
  ]),
  absent: 'cloud',
};
/** A partner's own offers are in no market's list: they are uploaded for that partner. */
const families: Readonly<Record<UploadedList['kind'], Families>> = {
  'price-list': ofMicrosoft,
  'selling-prices': ofMicrosoft,
  'partner-offers': {
    stated: new Map([['partnerowned', 'partner-owned']]),
    absent: 'partner-owned',
  },
};

type Loose<Row> = { readonly [Field in keyof Row]: Row[Field] | undefined };

/** An absent cell is an absent field: no log takes `undefined`. */
function withoutAbsent<Row extends ListRow>(row: Loose<Required<Row>>): Row {
  const present: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(row)) if (value !== undefined) present[field] = value;
  // The required fields were read without a fault, so none of them is absent.
  return present as unknown as Row;
}
