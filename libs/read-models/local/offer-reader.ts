import { partnerId, type PartnerId } from '../../domain/shared/ids.js';
import type { LogReader, Position } from '../../event-log/event-log.js';
import { InvalidCursor } from '../errors.js';
import type { Projection } from '../projection.js';
import { offersProjection } from '../projections/offers.projection.js';
import { sellingPricesProjection } from '../projections/selling-prices.projection.js';
import { isOfferKey, isRowKey, keyOf, limitOf, type OfferKey, page } from '../queries/cursor.js';
import {
  offersAfter,
  type OffersPage,
  ownImports,
  publishedImport,
} from '../queries/list-offers.js';
import { sellingPricesAfter, sellingPricesImport } from '../queries/list-selling-prices.js';
import type { ListedSellingPrice, OfferRow, OffersQuery, SellingPricesQuery } from '../offers.js';
import type { List } from '../read-models.js';
import type { QueryOf, Selected } from '../store.js';

/** No price list of the market is published. */
const NO_LIST = '';

interface ListedOffer {
  readonly offer: OfferRow;
  readonly key: OfferKey;
}

/** Lists the offers of price lists and of partners, and selling prices. */
export class OfferReader {
  constructor(
    private readonly log: LogReader,
    private readonly select: (
      projection: Projection,
      query: QueryOf,
      covering?: Position,
    ) => Promise<Selected['rows']>,
  ) {}

  /**
   * The market's offers, then those of each partner. A cursor names the imports of its page, so a
   * revision that is published meanwhile does not mix in.
   */
  async list(query: OffersQuery): Promise<List<OfferRow>> {
    const limit = limitOf(query);
    const key = keyOf(query.cursor, isOfferKey);
    const own = key?.length === 3 ? key : undefined;
    const list = await this.marketImport(query, key?.[0], own !== undefined);
    const offers: ListedOffer[] = [];
    if (list !== NO_LIST && !own) {
      const after = key?.length === 2 ? key[1] : -1;
      offers.push(...(await this.offers(query, { importId: list, after, rows: limit + 1 })));
    }
    for await (const { importId, owner, after } of this.ownPages(query, own)) {
      if (offers.length > limit) break;
      const rows = limit + 1 - offers.length;
      const notOn = list === NO_LIST ? undefined : list;
      offers.push(...(await this.offers(query, { importId, after, rows, notOn }, list, owner)));
    }
    const { items, nextCursor } = page(offers, limit, (item) => item.key);
    return { items: items.map(({ offer }) => offer), nextCursor };
  }

  async sellingPrices(query: SellingPricesQuery): Promise<List<ListedSellingPrice> | undefined> {
    const limit = limitOf(query);
    const key = keyOf(query.cursor, isRowKey);
    const publishedAt = async (covering?: Position): Promise<string | undefined> => {
      const find = sellingPricesImport(query, key?.[0]);
      const [published] = await this.select(sellingPricesProjection, find, covering);
      return published && String(published['importId']);
    };
    const importId =
      (await publishedAt(query.minPosition)) ?? (await publishedAt(await this.log.head()));
    if (importId === undefined) {
      if (query.cursor !== undefined) throw new InvalidCursor(query.cursor);
      return undefined;
    }
    const rows = await this.select(
      sellingPricesProjection,
      sellingPricesAfter(importId, key?.[1] ?? -1, limit + 1),
      query.minPosition,
    );
    // The selling-prices projection wrote these rows.
    const items = rows.map(({ row }) => JSON.parse(String(row)) as ListedSellingPrice);
    return page(items, limit, (item) => [importId, item.row]);
  }

  /** NO_LIST if there is none. Throws InvalidCursor for an import that is none of the market's. */
  private async marketImport(
    query: OffersQuery,
    named: string | undefined,
    isAfterMarket: boolean,
  ): Promise<string> {
    if (named === NO_LIST && isAfterMarket) return NO_LIST;
    const [published] = await this.select(
      offersProjection,
      publishedImport(query, named),
      query.minPosition,
    );
    if (published) return String(published['importId']);
    if (named !== undefined) throw new InvalidCursor(query.cursor ?? '');
    return NO_LIST;
  }

  /** The partners' lists, from the one that the cursor names on, each with the row it is read after. */
  private async *ownPages(
    query: OffersQuery,
    key: readonly [string, string, number] | undefined,
  ): AsyncGenerator<{ importId: string; owner: PartnerId; after: number }> {
    const partnerIds = [...new Set(query.partnerIds ?? [])];
    let from: PartnerId | undefined;
    if (key) {
      const [named] = await this.ownImports(query, partnerIds, key[1]);
      if (!named) throw new InvalidCursor(query.cursor ?? '');
      yield { ...named, after: key[2] };
      from = named.owner;
    }
    const later = partnerIds.filter((id) => from === undefined || id > from);
    for (const one of await this.ownImports(query, later)) yield { ...one, after: -1 };
  }

  private async ownImports(
    query: OffersQuery,
    partnerIds: readonly PartnerId[],
    importId?: string,
  ): Promise<readonly { importId: string; owner: PartnerId }[]> {
    const published = await this.select(
      offersProjection,
      ownImports(query, partnerIds, importId),
      query.minPosition,
    );
    return published
      .map((row) => ({
        importId: String(row['importId']),
        owner: partnerId(String(row['partnerId'])),
      }))
      .sort((one, other) => (one.owner < other.owner ? -1 : 1));
  }

  private async offers(
    query: OffersQuery,
    asked: OffersPage,
    list?: string,
    owner?: PartnerId,
  ): Promise<readonly ListedOffer[]> {
    const rows = await this.select(offersProjection, offersAfter(asked, query), query.minPosition);
    return rows.map(({ row }) => {
      // The offers projection wrote these rows.
      const offer = JSON.parse(String(row)) as OfferRow;
      return list === undefined || owner === undefined
        ? { offer, key: [asked.importId, offer.row] }
        : { offer: { ...offer, partnerId: owner }, key: [list, asked.importId, offer.row] };
    });
  }
}
