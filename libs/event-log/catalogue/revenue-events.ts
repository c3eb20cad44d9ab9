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
    'A partner earned an amount in CSP. Its value in USD is fixed at the rate of its month. Of entries with the same source and reference, the first in the log counts.',
    object(recorded),
  ),
  RevenueReversed: entry(
    'revenue',
    "An amount of an entry was reversed. It does not count from `on`, at the entry's own rate. The entry can be from an import.",
    object({ revenueId: uuid, amount: money, usdAmount: money, on: date, reason: text }),
  ),
  RevenueReviewed: entry(
    'revenue',
    "Microsoft's review of an entry has an outcome from a day on. Disallowed revenue does not count; revenue under review counts.",
    object({
      revenueId: uuid,
      outcome: oneOf('under-review', 'disallowed', 'confirmed'),
      on: date,
      reason: text,
    }),
  ),
  RevenuePaid: entry(
    'revenue',
    'An amount of an entry was paid. It counts if the policy counts paid revenue.',
    object({ revenueId: uuid, amount: money, usdAmount: money, paidOn: date }),
  ),
};
