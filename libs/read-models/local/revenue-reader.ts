import type { RevenueEntry } from '../../domain/qualification/revenue.js';
import {
  importId,
  type PartnerId,
  partnerId as asPartnerId,
  type RevenueId,
} from '../../domain/shared/ids.js';
import type { LogReader, Position } from '../../event-log/event-log.js';
import { firstStatement, statedIn } from '../projections/revenue/first-statement.js';
import { type EntryRow, LIVE, type StatedRow } from '../projections/revenue/revenue-tables.js';
import { trailingRevenueProjection } from '../projections/trailing-revenue.projection.js';
import { completedImports, entriesById } from '../queries/find-revenue.js';
import { partnersWithRevenueAfter } from '../queries/revenue-partners.js';
import { type RevenueRowFound, revenueRows } from '../queries/revenue-rows.js';
import type {
  FoundRevenue,
  RevenueAmounts,
  RevenuePartners,
  RevenuePartnersQuery,
  RevenueQuery,
} from '../revenue.js';
import type { QueryOf, ReadModelStore } from '../store.js';
import { amountsOf } from './revenue-amounts.js';
import { assertNotStopped, type Freshness } from './freshness.js';

/** Answers queries of the projection `trailing-revenue`. */
export class RevenueReader {
  constructor(
    private readonly log: LogReader,
    private readonly store: ReadModelStore,
    private readonly freshness: Freshness,
  ) {}

  async amounts(
    partnerId: PartnerId,
    { asOf, window, countable, knownAt, minPosition }: RevenueQuery,
  ): Promise<RevenueAmounts> {
    const { rows, position } = await this.select(
      revenueRows(partnerId, window, knownAt),
      furthest(knownAt, minPosition),
    );
    // The query selects these columns.
    const found = rows as unknown as readonly RevenueRowFound[];
    const through = knownAt ?? position;
    return {
      amounts: amountsOf(found, { asOf, window, countable, knownAt: through }),
      position: through,
    };
  }

  /**
   * An entry is reported as missing only after it was also looked up at the log's head at arrival.
   */
  async find(revenueId: RevenueId, minPosition: Position = -1): Promise<FoundRevenue | undefined> {
    return (
      (await this.findAt(revenueId, minPosition)) ?? this.findAt(revenueId, await this.log.head())
    );
  }

  async partners({
    after = asPartnerId(''),
    limit,
    knownAt,
    minPosition,
  }: RevenuePartnersQuery): Promise<RevenuePartners> {
    const query = partnersWithRevenueAfter(after, limit, knownAt ?? Number.MAX_SAFE_INTEGER);
    const { rows, position } = await this.select(query, furthest(knownAt, minPosition));
    return {
      partnerIds: rows.map((row) => asPartnerId(String(row['partnerId']))),
      position: knownAt ?? position,
    };
  }

  async findAll(
    revenueIds: readonly RevenueId[],
    minPosition: Position = -1,
  ): Promise<readonly FoundRevenue[]> {
    const { rows, position } = await this.select(entriesById(revenueIds), minPosition);
    // The projection wrote these rows.
    const entries = rows.map(({ row }) => JSON.parse(String(row)) as EntryRow);
    const completed = await this.completed(entries.flatMap(statedIn), position);
    return entries.flatMap((entry) => {
      const known = firstStatement(entry, (id) => completed.get(id));
      if (!known) return [];
      const { stated, knownFrom } = known;
      const brought = stated.origin === LIVE ? {} : { importId: importId(stated.origin) };
      return [{ entry: entryOf(stated, entry), knownFrom, ...brought, position }];
    });
  }

  private async findAt(
    revenueId: RevenueId,
    minPosition: Position,
  ): Promise<FoundRevenue | undefined> {
    return (await this.findAll([revenueId], minPosition))[0];
  }

  /**
   * Read after the entry, at the same position: an import that ended later is not part of the
   * entry's state.
   */
  private async completed(
    stated: readonly StatedRow[],
    upTo: Position,
  ): Promise<ReadonlyMap<string, Position>> {
    const ids = [...new Set(stated.map(({ origin }) => origin))].filter(
      (origin) => origin !== LIVE,
    );
    if (ids.length === 0) return new Map();
    const { rows } = await this.select(completedImports(ids), upTo);
    const ended = rows.map(({ key, completedAt }) => [String(key), Number(completedAt)] as const);
    return new Map(ended.filter(([, position]) => position <= upTo));
  }

  private async select(query: QueryOf, covering: Position) {
    await this.freshness.reach(trailingRevenueProjection, covering);
    const { build, rows } = await this.store.select(trailingRevenueProjection.name, query);
    if (build) assertNotStopped(build);
    return { rows, position: build?.checkpoint.position ?? -1 };
  }
}

const furthest = (knownAt: Position = -1, minPosition: Position = -1): Position =>
  Math.max(knownAt, minPosition);

/** The entry in the form of the domain, without its places in the log. */
function entryOf(
  { origin: _, position: __, row: ___, ...recorded }: StatedRow,
  entry: EntryRow,
): RevenueEntry {
  const { reversals = [], reviews = [], payments = [] } = entry;
  return {
    ...recorded,
    reversals: reversals.map(({ amount, usdAmount, on }) => ({ amount, usdAmount, on })),
    reviews: reviews.map(({ outcome, on }) => ({ outcome, on })),
    payments: payments.map(({ amount, usdAmount, paidOn }) => ({ amount, usdAmount, paidOn })),
  };
}
