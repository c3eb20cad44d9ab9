import type { RecordedRevenue, RevenueAmount } from '../../../domain/qualification/revenue.js';
import { centsOf } from '../../../domain/qualification/usd-cents.js';
import { monthOf } from '../../../domain/shared/calendar.js';
import type { PartnerId, RevenueId } from '../../../domain/shared/ids.js';
import type { Position } from '../../../event-log/event-log.js';
import { type RowUpdate, lookUp, type RowLookup, type TypedTable } from '../../projection.js';
import { firstStatement, lookAtImports, repeatAmong, statedIn } from './first-statement.js';
import {
  days,
  disallowed,
  disallowedKey,
  entries,
  type EntryRow,
  LIVE,
  months,
  originKey,
  origins,
  type StatedRow,
  sumsKey,
  type SumsRow,
  sumsVersions,
  versionKey,
} from './revenue-tables.js';
import { duplicate, first, type Repeat, textOf } from './sum-class.js';
import { added, SumChanges } from './sum-changes.js';

/** An event of a partner's own stream with a day and an amount in USD. */
export interface LiveAmount {
  readonly kind: RevenueAmount['kind'];
  readonly partnerId: PartnerId;
  readonly revenueId: RevenueId;
  readonly on: string;
  readonly usd: string;
  readonly position: Position;
}

/** A recorded entry. It counts, unless an entry known before has the same source and reference. */
export function recorded(data: RecordedRevenue, position: Position): RowLookup {
  const { partnerId, revenueId, recognizedOn, usdAmount } = data;
  const amount: LiveAmount = {
    kind: 'recorded',
    partnerId,
    revenueId,
    on: recognizedOn,
    usd: usdAmount.amount,
    position,
  };
  return lookUp(rowsFor(amount), ({ entry, day, month }) =>
    lookAtImports([entry], (completedAt) => {
      const stated: StatedRow = { ...data, origin: LIVE, position };
      if (entry && firstStatement(entry, completedAt))
        return liveSums(amount, stated, duplicate, day, month);
      return [
        entries.change(revenueId, () => stated),
        ...displaced(entry),
        ...liveSums(amount, stated, first, day, month),
      ];
    }),
  );
}

/** A reversal or payment of an entry, with its amount. */
export function became(amount: LiveAmount, next: (entry: EntryRow) => EntryRow): RowLookup {
  return lookUp(rowsFor(amount), ({ entry, day, month }) =>
    lookAtImports([entry], (completedAt) => {
      const known = settledEntry(
        amount.revenueId,
        entry,
        entry && firstStatement(entry, completedAt)?.stated,
      );
      return [...entryBecomes(next(known)), ...liveSums(amount, known, first, day, month)];
    }),
  );
}

/** A review, which has no amount. */
export const reviewed = (revenueId: RevenueId, next: (entry: EntryRow) => EntryRow): RowLookup =>
  lookUp({ entry: entries.at(revenueId) }, ({ entry }) =>
    lookAtImports([entry], (completedAt) =>
      entryBecomes(
        next(settledEntry(revenueId, entry, entry && firstStatement(entry, completedAt)?.stated)),
      ),
    ),
  );

const rowsFor = ({ partnerId, revenueId, on }: LiveAmount) => ({
  entry: entries.at(revenueId),
  day: days.at(sumsKey(partnerId, on, LIVE)),
  month: months.at(sumsKey(partnerId, monthOf(on), LIVE)),
});

/** The first reversal, review or payment decides which of the entry's rivals counts. */
function settledEntry(
  revenueId: RevenueId,
  entry: EntryRow | undefined,
  stated: StatedRow | undefined,
): EntryRow {
  if (!entry || !stated)
    throw new Error(`the log has no entry ${revenueId} before its reversal, review or payment`);
  const { reversals, reviews, payments } = entry;
  return {
    ...stated,
    ...(reversals && { reversals }),
    ...(reviews && { reviews }),
    ...(payments && { payments }),
  };
}

function entryBecomes(entry: EntryRow): readonly RowUpdate[] {
  const changed = entries.change(entry.revenueId, () => entry);
  const isDisallowed = entry.reviews?.some(({ outcome }) => outcome === 'disallowed') === true;
  return isDisallowed ? [changed, disallowed.put(disallowedKey(entry), entry)] : [changed];
}

/** The entry's incomplete imports are duplicates from now on, whenever they are completed. */
function displaced(entry: EntryRow | undefined): readonly RowUpdate[] {
  const sums = new SumChanges();
  const all = entry ? statedIn(entry) : [];
  for (const stated of all) sums.move(stated, repeatAmong(stated, all), duplicate);
  return sums.changes();
}

function liveSums(
  { kind, partnerId, on, usd, position }: LiveAmount,
  stated: StatedRow,
  repeat: Repeat,
  day: SumsRow | undefined,
  month: SumsRow | undefined,
): readonly RowUpdate[] {
  const cents = new Map([[textOf(kind, stated, repeat), centsOf(usd)]]);
  const next = (
    table: TypedTable<SumsRow>,
    period: string,
    row: SumsRow | undefined,
  ): readonly RowUpdate[] => {
    const key = sumsKey(partnerId, period, LIVE);
    const after: SumsRow = { ...added(row, cents), changedAt: position };
    return [table.change(key, () => after), sumsVersions.put(versionKey(key, position), after)];
  };
  const origin = origins.change(
    originKey(partnerId, LIVE),
    (row) => row ?? { partnerId, origin: LIVE, since: position },
  );
  return [...next(days, on, day), ...next(months, monthOf(on), month), origin];
}
