import type { Recorded } from '../shared/event.js';
import type { PartnerId } from '../shared/ids.js';
import type { PriceRow } from './price-list.js';
import { type Publication, type PublishedImport, publishedImport } from './published-import.js';

export type PartnerOffersEvent = Recorded<
  'PartnerOffersPublished',
  { partnerId: PartnerId; month: string } & Publication
>;

/**
 * The offers that a partner owns, for one month: only this partner sells them. Its rows are those
 * of a price list, in the family `partner-owned`.
 */
export interface PartnerOffers {
  readonly published?: PublishedImport;
}

export const evolvePartnerOffers = (
  _offers: PartnerOffers,
  event: PartnerOffersEvent,
): PartnerOffers => ({ published: publishedImport(event) });

/** A row without a market is sold in every market. */
export const isSoldIn = ({ market }: PriceRow, customerMarket: string | undefined): boolean =>
  market === undefined || market === customerMarket;
