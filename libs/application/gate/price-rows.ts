import { LRUCache } from 'lru-cache';
import { type ImportEvent, priceRowsOf } from '../../domain/import/import.js';
import type { PriceRow } from '../../domain/catalog/price-list.js';
import type { ImportId } from '../../domain/shared/ids.js';
import { importStream } from '../../domain/shared/streams.js';
import type { EventLog } from '../../event-log/event-log.js';

/**
 * The rows of one published import, found by offer. Published price lists never change, so this is
 * never invalidated.
 */
export type RowsByOffer = ReadonlyMap<string, readonly PriceRow[]>;

const NO_ROWS: RowsByOffer = new Map();
/**
 * A row takes about 700 bytes. The limit is in rows, because a list has from a few hundred to
 * 50,000 of them.
 */
const ROWS_AT_MOST = 400_000;

/**
 * An index of the rows of price lists. It is derived from the log, and built before the first
 * judgement that needs it.
 */
export class PriceRows {
  private readonly held = new LRUCache<ImportId, RowsByOffer>({ maxSize: ROWS_AT_MOST });
  private readonly building = new Map<ImportId, Promise<RowsByOffer>>();

  constructor(private readonly log: EventLog) {}

  of(importId: ImportId | undefined): Promise<RowsByOffer> | RowsByOffer {
    if (importId === undefined) return NO_ROWS;
    return this.held.get(importId) ?? this.building.get(importId) ?? this.build(importId);
  }

  private build(importId: ImportId): Promise<RowsByOffer> {
    const building = this.read(importId).finally(() => this.building.delete(importId));
    this.building.set(importId, building);
    return building;
  }

  private async read(importId: ImportId): Promise<RowsByOffer> {
    const rows = new Map<string, PriceRow[]>();
    let count = 0;
    // Reads one event at a time (a chunk has at most 256 KiB), so that orders are processed while a
    // large list is read.
    for (let from = 0; ; from += 1) {
      const event = await this.eventAt(importId, from);
      if (!event) break;
      if (event.type === 'ImportChunkAdded') {
        const added = priceRowsOf(event.data.rows);
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

function addRows(index: Map<string, PriceRow[]>, rows: readonly PriceRow[]): void {
  for (const row of rows) {
    const known = index.get(row.offerId);
    if (known) known.push(row);
    else index.set(row.offerId, [row]);
  }
}
