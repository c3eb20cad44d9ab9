import { type Recorded, unreachable } from '../shared/event.js';
import { type PublishedImport, publishedImport, type Publication } from './published-import.js';

export type OfferTerm = 'P1M' | 'P1Y' | 'P3Y' | 'none';
export type BillingPlan = 'monthly' | 'annual' | 'triennial' | 'one_time';
export type OfferSegment = 'commercial' | 'nonprofit' | 'education' | 'gcc';
export type OfferFamily = 'cloud' | 'perpetual-software' | 'partner-owned';

/** The names of tax categories, in price lists and in tax-rate tables. */
export const taxCategoryPattern = /^[a-z][a-z0-9-]{0,31}$/u;

/** A price's key, and the quantities and days for which it holds: the same in every list. */
export interface OfferPriceKey {
  /** Its place in the uploaded file: the first row after the header is 1. */
  readonly row: number;
  /** `ProductId:SkuId`, the SkuId padded to four. */
  readonly offerId: string;
  readonly term: OfferTerm;
  readonly billingPlan: BillingPlan;
  readonly currency: string;
  readonly segment: OfferSegment;
  /** The quantities at which this tier's price holds, both included; absent: open. */
  readonly tierMin?: number;
  readonly tierMax?: number;
  /** First and last day on which the row may be ordered (UTC); absent: open. */
  readonly effectiveFrom?: string;
  readonly effectiveTo?: string;
}

/**
 * One row of a price list, as an import stores it in its chunks. Prices are decimal strings for the
 * whole term.
 */
export interface PriceRow extends OfferPriceKey {
  readonly title: string;
  /** The product's own title, where the SKU has another. */
  readonly productTitle?: string;
  readonly publisher?: string;
  readonly unitOfMeasure?: string;
  readonly unitPrice: string;
  readonly erpPrice?: string;
  readonly family: OfferFamily;
  readonly minQuantity?: number;
  readonly maxQuantity?: number;
  readonly tags?: string;
  /** A category of the tax-rate tables; absent: `standard`. */
  readonly taxCategory?: string;
  /** Of a partner-owned offer: the market in which it is sold; absent: every market. */
  readonly market?: string;
}

export type PriceListEvent = Recorded<
  'PriceListPublished',
  { market: string; month: string } & Publication
>;

/**
 * A market's price list for one month: the latest revision is the one that later orders are judged
 * by.
 */
export interface PriceList {
  readonly market: string;
  readonly month: string;
  readonly published?: PublishedImport;
}

export const unpublishedPriceList = (market: string, month: string): PriceList => ({
  market,
  month,
});

/**
 * The last publication in the log is the current list. Earlier revisions can still be read by their
 * import.
 */
export function evolvePriceList(list: PriceList, event: PriceListEvent): PriceList {
  switch (event.type) {
    case 'PriceListPublished':
      return { ...list, published: publishedImport(event) };
    default:
      return unreachable(event.type);
  }
}
