import type { RevenueRow } from '../qualification/revenue.js';
import type { MicrosoftRow } from '../billing/reconciliation/microsoft-line.js';
import type { Recorded } from '../shared/event.js';
import type { PriceRow } from '../catalog/price-list.js';
import type { ListRow, SellingPriceRow } from '../catalog/selling-prices.js';

/**
 * The rows of an import are of one kind. Its last event, `ImportCompleted`, names the kind.
 */
export type ImportRows = readonly ListRow[] | readonly RevenueRow[] | readonly MicrosoftRow[];

export type ImportKind =
  'price-list' | 'selling-prices' | 'partner-offers' | 'revenue' | 'reconciliation';

/**
 * A row of a revenue import whose partner, source and reference were stated earlier: it does not
 * count.
 */
export interface RepeatedRow {
  readonly row: number;
  /**
   * The entry that counts instead: the first row of the file with it, or an earlier entry of the
   * log.
   */
  readonly of: number | 'log';
  /** Whether both state the same amount, day, customer and other fields. */
  readonly same: boolean;
}

/**
 * Absent if the import's rows were not compared: in price lists, and in imports of early releases.
 */
export interface Repeats {
  /** The first ones, in the order of rows; `repeatedCount` counts all. */
  readonly repeats: readonly RepeatedRow[];
  readonly repeatedCount: number;
}

/**
 * The stream `import-<importId>`: an uploaded file in chunks. It counts from `ImportCompleted` on.
 */
export type ImportEvent =
  | Recorded<'ImportChunkAdded', { index: number; rows: ImportRows }>
  | Recorded<
      'ImportCompleted',
      {
        kind: ImportKind;
        chunks: number;
        rows: number;
        digest: string;
      } & Partial<Repeats>
    >;

/** The rows as price-list rows; none if they are of another kind. */
export const priceRowsOf = (rows: ImportRows): readonly PriceRow[] =>
  arePriceRows(rows) ? rows : [];

/** The rows as selling prices; none if they are of another kind. */
export const sellingPriceRowsOf = (rows: ImportRows): readonly SellingPriceRow[] =>
  areSellingPriceRows(rows) ? rows : [];

/** The rows as revenue entries; none if they are of another kind. */
export const revenueRowsOf = (rows: ImportRows): readonly RevenueRow[] =>
  areRevenueRows(rows) ? rows : [];

/** The rows as lines of Microsoft's file; none when they are of another kind. */
export const microsoftRowsOf = (rows: ImportRows): readonly MicrosoftRow[] =>
  areMicrosoftRows(rows) ? rows : [];

const arePriceRows = (rows: ImportRows): rows is readonly PriceRow[] =>
  rows[0] !== undefined && 'unitPrice' in rows[0];
const areSellingPriceRows = (rows: ImportRows): rows is readonly SellingPriceRow[] =>
  rows[0] !== undefined && 'sellingPrice' in rows[0];
const areRevenueRows = (rows: ImportRows): rows is readonly RevenueRow[] =>
  rows[0] !== undefined && 'revenueId' in rows[0];
const areMicrosoftRows = (rows: ImportRows): rows is readonly MicrosoftRow[] =>
  rows[0] !== undefined && 'cells' in rows[0];
