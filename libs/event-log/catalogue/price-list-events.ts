import type { PriceListEvent, PriceRow } from '../../domain/catalog/price-list.js';
import { type EntriesOf, entry } from './entry.js';
import {
  count,
  currency,
  date,
  decimal,
  list,
  month,
  object,
  oneOf,
  type Schema,
  text,
  uuid,
  wholeNumber,
} from './schema.js';

const required = {
  row: count,
  offerId: text,
  title: text,
  term: oneOf('P1M', 'P1Y', 'P3Y', 'none'),
  billingPlan: oneOf('monthly', 'annual', 'triennial', 'one_time'),
  currency,
  unitPrice: decimal,
  segment: oneOf('commercial', 'nonprofit', 'education', 'gcc'),
  family: oneOf('cloud', 'perpetual-software', 'partner-owned'),
};
const optional = {
  productTitle: text,
  publisher: text,
  unitOfMeasure: text,
  erpPrice: decimal,
  tierMin: wholeNumber,
  tierMax: wholeNumber,
  minQuantity: count,
  maxQuantity: count,
  effectiveFrom: date,
  effectiveTo: date,
  tags: text,
};
// Compile-time only: the schema has exactly the fields of a row.
({ ...required, ...optional }) satisfies Record<keyof Required<PriceRow>, Schema>;

/** A row of a price list, as an import holds it. */
export const priceRow: Schema = object(required, optional);

export const priceListEvents: EntriesOf<PriceListEvent> = {
  PriceListPublished: entry(
    'pricelist',
    "An import was published as a market's price list for a month. A later import is a new revision, for later orders.",
    object(
      { market: text, month, importId: uuid, rows: wholeNumber, digest: text },
      { skipped: wholeNumber, columnsNotRead: list(text) },
    ),
  ),
};
