import { LRUCache } from 'lru-cache';
import {
  type ImportEvent,
  type ImportRows,
  priceRowsOf,
  sellingPriceRowsOf,
} from '../../domain/import/import.js';
import type { OfferPriceKey, PriceRow } from '../../domain/catalog/price-list.js';
import type { SellingPriceRow } from '../../domain/catalog/selling-prices.js';
import type { ImportId } from '../../domain/shared/ids.js';
import { importStream } from '../../domain/shared/streams.js';
import type { EventLog } from '../../event-log/event-log.js';

/**
 * The rows of one published import, found by offer. Published lists never change, so this is never
 * invalidated.
 */
export type RowsByOffer<Row extends OfferPriceKey = PriceRow> = ReadonlyMap<string, readonly Row[]>;

const NO_ROWS: RowsByOffer<never> = new Map();
/**
 * A row takes about 700 bytes. The limit is in rows, because a list has from a few hundred to
 * 50,000 of them.
 */
const ROWS_AT_MOST = 400_000;

/**
 * An index of the rows of price lists, partner-owned offers and selling prices. It is derived from
 * the log, and built before the first judgement or price that needs it.
 */
export class PriceRows {
  private readonly held = new LRUCache<ImportId, RowsByOffer<OfferPriceKey>>({
    maxSize: ROWS_AT_MOST,
  });
  private readonly building = new Map<ImportId, Promise<RowsByOffer<OfferPriceKey>>>();

  constructor(private readonly log: EventLog) {}

  of(importId: ImportId | undefined): Promise<RowsByOffer> | RowsByOffer {
    return this.rowsOf(importId, priceRowsOf);
  }

  sellingPricesOf(
    importId: ImportId | undefined,
  ): Promise<RowsByOffer<SellingPriceRow>> | RowsByOffer<SellingPriceRow> {
    return this.rowsOf(importId, sellingPriceRowsOf);
  }

  private rowsOf<Row extends OfferPriceKey>(
    importId: ImportId | undefined,
    ofKind: (rows: ImportRows) => readonly Row[],
  ): Promise<RowsByOffer<Row>> | RowsByOffer<Row> {
    if (importId === undefined) return NO_ROWS;
    const rows =
      this.held.get(importId) ?? this.building.get(importId) ?? this.build(importId, ofKind);
    // An import has rows of one kind, and is published as a list of that kind only.
    return rows as Promise<RowsByOffer<Row>> | RowsByOffer<Row>;
  }

  private build<Row extends OfferPriceKey>(
    importId: ImportId,
    ofKind: (rows: ImportRows) => readonly Row[],
  ): Promise<RowsByOffer<Row>> {
    const building = this.read(importId, ofKind).finally(() => this.building.delete(importId));
    this.building.set(importId, building);
    return building;
  }

  private async read<Row extends OfferPriceKey>(
    importId: ImportId,
    ofKind: (rows: ImportRows) => readonly Row[],
  ): Promise<RowsByOffer<Row>> {
    const rows = new Map<string, Row[]>();
    let count = 0;
    // Reads one event at a time (a chunk has at most 256 KiB), so that orders are processed while a
    // large list is read.
    for (let from = 0; ; from += 1) {
      const event = await this.eventAt(importId, from);
      if (!event) break;
      if (event.type === 'ImportChunkAdded') {
        const added = ofKind(event.data.rows);
        addRows(rows, added);
        count += added.length;
      }
      await new Promise(setImmediate);
    }
    this.held.set(importId, rows, { size: Math.max(1, count) });
    return rows;
  }

  private async eventAt(importId: ImportId, revision: number): Promise<ImportEvent | undefined> {
    for await (const [event] of this.log.readStream(importStream(importId), {
      from: revision,
      limit: 1,
    })) {
      // the stream of an import has only import events
      return event as (typeof event & ImportEvent) | undefined;
    }
    return undefined;
  }
}

function addRows<Row extends OfferPriceKey>(index: Map<string, Row[]>, rows: readonly Row[]): void {
  for (const row of rows) {
    const known = index.get(row.offerId);
    if (known) known.push(row);
    else index.set(row.offerId, [row]);
  }
}
