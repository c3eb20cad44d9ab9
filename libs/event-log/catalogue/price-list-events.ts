import type { PartnerOffersEvent } from '../../domain/catalog/partner-offers.js';
import type { PriceListEvent, PriceRow } from '../../domain/catalog/price-list.js';
import type { SellingPriceRow, SellingPricesEvent } from '../../domain/catalog/selling-prices.js';
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
  partnerId,
  type Schema,
  text,
  uuid,
  wholeNumber,
} from './schema.js';

const term = oneOf('P1M', 'P1Y', 'P3Y', 'none');
const billingPlan = oneOf('monthly', 'annual', 'triennial', 'one_time');
const segment = oneOf('commercial', 'nonprofit', 'education', 'gcc');
const required = {
  row: count,
  offerId: text,
  title: text,
  term,
  billingPlan,
  currency,
  unitPrice: decimal,
  segment,
  family: oneOf('cloud', 'perpetual-software', 'partner-owned'),
};
const tierAndDates = {
  tierMin: wholeNumber,
  tierMax: wholeNumber,
  effectiveFrom: date,
  effectiveTo: date,
};
const optional = {
  productTitle: text,
  publisher: text,
  unitOfMeasure: text,
  erpPrice: decimal,
  ...tierAndDates,
  minQuantity: count,
  maxQuantity: count,
  tags: text,
  taxCategory: text,
  market: text,
};
const sellingPrice = {
  row: count,
  offerId: text,
  term,
  billingPlan,
  currency,
  segment,
  sellingPrice: decimal,
};
// Compile-time only: the schemas have exactly the fields of a row.
({ ...required, ...optional }) satisfies Record<keyof Required<PriceRow>, Schema>;
({ ...sellingPrice, ...tierAndDates }) satisfies Record<keyof Required<SellingPriceRow>, Schema>;

/** A row of a price list, as an import holds it. */
export const priceRow: Schema = object(required, optional);

/** A row of a partner's selling prices. */
export const sellingPriceRow: Schema = object(sellingPrice, tierAndDates);

/** The fields of every publication beside the list that it is for. */
const publication = { importId: uuid, rows: wholeNumber, digest: text };
const report = { skipped: wholeNumber, columnsNotRead: list(text) };

export const priceListEvents: EntriesOf<PriceListEvent | SellingPricesEvent | PartnerOffersEvent> =
  {
    PriceListPublished: entry(
      'pricelist',
      "An import was published as a market's price list for a month. A later import is a new revision, for later orders.",
      object({ market: text, month, ...publication }, report),
    ),
    SellingPricesPublished: entry(
      'sellingprices',
      'An import was published as the prices at which a partner sells in a market in a month. A later import is a new revision.',
      object({ partnerId, market: text, month, ...publication }, report),
    ),
    PartnerOffersPublished: entry(
      'partneroffers',
      "An import was published as a partner's own offers for a month. A later import is a new revision, for later orders.",
      object({ partnerId, month, ...publication }, report),
    ),
  };
