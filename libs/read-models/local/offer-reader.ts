import type { Position } from '../../event-log/event-log.js';
import { InvalidCursor } from '../errors.js';
import type { Projection } from '../projection.js';
import { offersProjection } from '../projections/offers.projection.js';
import { isOfferKey, keyOf, limitOf, page } from '../queries/cursor.js';
import { offersAfter, publishedImport } from '../queries/list-offers.js';
import type { List, OffersQuery } from '../read-models.js';
import type { OfferRow } from '../rows.js';
import type { QueryOf, Selected } from '../store.js';

/** Lists the offers of a price list. */
export class OfferReader {
  constructor(
    private readonly select: (
      projection: Projection,
      query: QueryOf,
      covering?: Position,
    ) => Promise<Selected['rows']>,
  ) {}

  /**
   * A cursor names the import of its first page, so a revision that is published meanwhile does not
   * mix in.
   */
  async list(query: OffersQuery): Promise<List<OfferRow>> {
    const limit = limitOf(query);
    const key = keyOf(query.cursor, isOfferKey);
    const [published] = await this.select(
      offersProjection,
      publishedImport(query, key?.[0]),
      query.minPosition,
    );
    if (!published) {
      if (query.cursor !== undefined) throw new InvalidCursor(query.cursor);
      return { items: [], nextCursor: null };
    }
    const importId = String(published['importId']);
    const rows = await this.select(
      offersProjection,
      offersAfter(importId, key?.[1] ?? -1, limit + 1, query),
      query.minPosition,
    );
    // The offers projection wrote these rows.
    const items = rows.map(({ row }) => JSON.parse(String(row)) as OfferRow);
    return page(items, limit, (item) => [importId, item.row]);
  }
}
