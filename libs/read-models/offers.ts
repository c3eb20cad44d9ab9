import type { PriceRow } from '../domain/catalog/price-list.js';
import type { SellingPriceRow } from '../domain/catalog/selling-prices.js';
import type { ImportId, PartnerId } from '../domain/shared/ids.js';
import type { ListQuery } from './read-models.js';

export interface OffersQuery extends ListQuery {
  /** Microsoft's market code. */
  readonly market: string;
  /** Selects the lists of its month, and the rows in force on it. */
  readonly on: string;
  readonly currency?: string | undefined;
  /** Text to find in title and offer id. */
  readonly q?: string | undefined;
  /** The partners whose own offers are listed after those of the market. */
  readonly partnerIds?: readonly PartnerId[] | undefined;
}

/** A row of a published price list, or of partner-owned offers. */
export interface OfferRow extends PriceRow {
  readonly importId: ImportId;
  /** The partner that owns the offer; absent: it is on the market's price list. */
  readonly partnerId?: PartnerId;
}

export interface SellingPricesQuery extends ListQuery {
  readonly partnerId: PartnerId;
  readonly market: string;
  /** `YYYY-MM`. */
  readonly month: string;
}

/** A row of published selling prices. */
export interface ListedSellingPrice extends SellingPriceRow {
  readonly importId: ImportId;
}
