import { type EventRef, eventRef, type Recorded, unreachable } from '../shared/event.js';
import type { ImportId } from '../shared/ids.js';

export type OfferTerm = 'P1M' | 'P1Y' | 'P3Y' | 'none';
export type BillingPlan = 'monthly' | 'annual' | 'triennial' | 'one_time';
export type OfferSegment = 'commercial' | 'nonprofit' | 'education' | 'gcc';
export type OfferFamily = 'cloud' | 'perpetual-software' | 'partner-owned';

/**
 * One row of a price list, as an import stores it in its chunks. Prices are decimal strings for the
 * whole term.
 */
export interface PriceRow {
  /** Its place in the uploaded file: the first row after the header is 1. */
  readonly row: number;
  /** `ProductId:SkuId`, the SkuId padded to four. */
  readonly offerId: string;
  readonly title: string;
  /** The product's own title, where the SKU has another. */
  readonly productTitle?: string;
  readonly publisher?: string;
  readonly unitOfMeasure?: string;
  readonly term: OfferTerm;
  readonly billingPlan: BillingPlan;
  readonly currency: string;
  readonly unitPrice: string;
  readonly erpPrice?: string;
  readonly segment: OfferSegment;
  readonly family: OfferFamily;
  /** The quantities at which this tier's price holds, both included; absent: open. */
  readonly tierMin?: number;
  readonly tierMax?: number;
  readonly minQuantity?: number;
  readonly maxQuantity?: number;
  /** First and last day on which the row may be ordered (UTC); absent: open. */
  readonly effectiveFrom?: string;
  readonly effectiveTo?: string;
  readonly tags?: string;
}

export type PriceListEvent = Recorded<
  'PriceListPublished',
  {
    market: string;
    month: string;
    importId: ImportId;
    rows: number;
    digest: string;
    /**
     * Trial rows of the file, and its columns that were not read. Absent: published when lists were
     * digested in the order of their rows.
     */
    skipped?: number;
    columnsNotRead?: readonly string[];
  }
>;

/**
 * A market's price list for one month: the latest revision is the one that later orders are judged
 * by.
 */
export interface PriceList {
  readonly market: string;
  readonly month: string;
  readonly published?: {
    readonly importId: ImportId;
    readonly rows: number;
    readonly digest: string;
    /**
     * The digest is the same for any order of the rows; absent: it depends on the order of the
     * file.
     */
    readonly isDigestUnordered?: true;
    readonly proof: EventRef;
  };
}

export const unpublishedPriceList = (market: string, month: string): PriceList => ({
  market,
  month,
});

/** The last publication in the log is the list; earlier revisions stay readable by their import. */
export function evolvePriceList(list: PriceList, event: PriceListEvent): PriceList {
  switch (event.type) {
    case 'PriceListPublished': {
      const { importId, rows, digest, skipped } = event.data;
      const unordered = skipped === undefined ? {} : ({ isDigestUnordered: true } as const);
      return {
        ...list,
        published: { importId, rows, digest, ...unordered, proof: eventRef(event) },
      };
    }
    default:
      return unreachable(event.type);
  }
}
