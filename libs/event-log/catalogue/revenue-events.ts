import type { RecordedRevenue, RevenueEvent } from '../../domain/qualification/revenue.js';
import { type EntriesOf, entry } from './entry.js';
import {
  count,
  date,
  decimal,
  money,
  month,
  object,
  oneOf,
  partnerId,
  type Schema,
  tenantId,
  text,
  uuid,
} from './schema.js';

const recorded = {
  revenueId: uuid,
  partnerId,
  tenantId,
  amount: money,
  usdAmount: money,
  usdPerUnit: decimal,
  rateMonth: month,
  recognizedOn: date,
  family: oneOf('cloud', 'perpetual-software', 'partner-owned'),
  soldAs: oneOf('indirect-provider', 'indirect-reseller', 'direct-bill'),
  source: text,
  reference: text,
} satisfies Record<keyof RecordedRevenue, Schema>;

/** A row of a revenue import: an entry and its place in the file. */
export const revenueRow: Schema = object({ row: count, ...recorded });

export const revenueEvents: EntriesOf<RevenueEvent> = {
  RevenueRecorded: entry(
    'revenue',
    "A partner earned an amount in CSP; its value in USD is fixed at its month's rate. The same source and reference counts once, the first in the log's order.",
    object(recorded),
  ),
  RevenueReversed: entry(
    'revenue',
    "So much of an entry is taken back: it counts no longer from `on`, at the entry's own rate. The entry may have come with an import.",
    object({ revenueId: uuid, amount: money, usdAmount: money, on: date, reason: text }),
  ),
  RevenueReviewed: entry(
    'revenue',
    "Microsoft's review of an entry has an outcome from a day on: what is disallowed does not count, what is under review does.",
    object({
      revenueId: uuid,
      outcome: oneOf('under-review', 'disallowed', 'confirmed'),
      on: date,
      reason: text,
    }),
  ),
  RevenuePaid: entry(
    'revenue',
    'So much of an entry was paid: what counts where the policy goes by payments.',
    object({ revenueId: uuid, amount: money, usdAmount: money, paidOn: date }),
  ),
};
