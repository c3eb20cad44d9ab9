import type { ImportEvent } from '../../domain/import/import.js';
import { type EntriesOf, entry } from './entry.js';
import { microsoftRow } from './reconciliation-events.js';
import { priceRow, sellingPriceRow } from './price-list-events.js';
import { revenueRow } from './revenue-events.js';
import { constant, count, either, flag, list, object, oneOf, text, wholeNumber } from './schema.js';

const repeatedRow = object({ row: count, of: either(count, constant('log')), same: flag });

export const importEvents: EntriesOf<ImportEvent> = {
  ImportChunkAdded: entry(
    'import',
    'Rows of an upload, at most 256 KiB. They have no effect before `ImportCompleted`.',
    object({
      index: wholeNumber,
      rows: either(list(priceRow), list(revenueRow), list(sellingPriceRow), list(microsoftRow)),
    }),
  ),
  ImportCompleted: entry(
    'import',
    'All rows of an upload are in the log, and take effect with this event. For revenue, `repeats` lists the first rows that repeat an entry and do not count.',
    object(
      {
        kind: oneOf('price-list', 'selling-prices', 'partner-offers', 'revenue', 'reconciliation'),
        chunks: wholeNumber,
        rows: wholeNumber,
        digest: text,
      },
      { repeats: list(repeatedRow), repeatedCount: wholeNumber },
    ),
  ),
};
