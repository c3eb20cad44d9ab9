import type { Recorded } from '../shared/event.js';
import type { PartnerId } from '../shared/ids.js';
import type { OfferPriceKey, PriceRow } from './price-list.js';
import { type Publication, type PublishedImport, publishedImport } from './published-import.js';

/** The price at which a partner sells one unit for the whole term. */
export interface SellingPriceRow extends OfferPriceKey {
  readonly sellingPrice: string;
}

/** A row of an uploaded list. */
export type ListRow = PriceRow | SellingPriceRow;

export type SellingPricesEvent = Recorded<
  'SellingPricesPublished',
  { partnerId: PartnerId; market: string; month: string } & Publication
>;

/** A partner's selling prices for a market and month: the latest revision. */
export interface SellingPrices {
  readonly published?: PublishedImport;
}

export const evolveSellingPrices = (
  _prices: SellingPrices,
  event: SellingPricesEvent,
): SellingPrices => ({ published: publishedImport(event) });
