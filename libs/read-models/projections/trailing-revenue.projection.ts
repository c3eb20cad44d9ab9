import { type ImportEvent, revenueRowsOf } from '../../domain/import/import.js';
import type { RevenueEvent } from '../../domain/qualification/revenue.js';
import { partnerId } from '../../domain/shared/ids.js';
import { projection } from '../projection.js';
import { chunkOfImport } from './revenue/import-chunk.js';
import { became, recorded, reviewed } from './revenue/live-entry.js';
import {
  days,
  disallowed,
  entries,
  imports,
  months,
  origins,
  sumsVersions,
} from './revenue/revenue-tables.js';

/**
 * Entries, and their sums by day and month, so that an answer reads as many rows as its window has
 * days, for any number of entries, and no more at an earlier position
 * (docs/decisions/0031-revenue-as-sums-by-day.md).
 */
export const trailingRevenueProjection = projection<RevenueEvent | ImportEvent>(
  'trailing-revenue',
  1,
  {
    streams: ['revenue', 'import'],
    tables: [entries, days, months, sumsVersions, origins, imports, disallowed],
    on: {
      RevenueRecorded: ({ data, position }) => recorded(data, position),
      RevenueReversed: ({ stream, position, data: { revenueId, amount, usdAmount, on } }) =>
        became(
          {
            kind: 'reversed',
            partnerId: partnerOf(stream),
            revenueId,
            on,
            usd: usdAmount.amount,
            position,
          },
          (entry) => ({
            ...entry,
            reversals: [...(entry.reversals ?? []), { amount, usdAmount, on, position }],
          }),
        ),
      RevenuePaid: ({ stream, position, data: { revenueId, amount, usdAmount, paidOn } }) =>
        became(
          {
            kind: 'paid',
            partnerId: partnerOf(stream),
            revenueId,
            on: paidOn,
            usd: usdAmount.amount,
            position,
          },
          (entry) => ({
            ...entry,
            payments: [...(entry.payments ?? []), { amount, usdAmount, paidOn, position }],
          }),
        ),
      RevenueReviewed: ({ position, data: { revenueId, outcome, on } }) =>
        reviewed(revenueId, (entry) => ({
          ...entry,
          reviews: [...(entry.reviews ?? []), { outcome, on, position }],
        })),
      ImportChunkAdded: ({ stream, data }) =>
        chunkOfImport(stream.slice('import-'.length), revenueRowsOf(data.rows)),
      ImportCompleted: ({ stream, position, data: { kind } }) =>
        kind === 'revenue'
          ? imports.put(stream.slice('import-'.length), { completedAt: position })
          : [],
    },
  },
);

const partnerOf = (stream: string) => partnerId(stream.slice('revenue-'.length));
