import type { RevenueRow } from '../../../domain/qualification/revenue.js';
import { type RowUpdate, lookUpAll, type ProjectionStep } from '../../projection.js';
import {
  type CompletedAt,
  firstStatement,
  lookAtImports,
  repeatAmong,
  statedIn,
} from './first-statement.js';
import {
  entries,
  type EntryRow,
  type Origin,
  originKey,
  origins,
  type StatedRow,
} from './revenue-tables.js';
import { duplicate, first } from './sum-class.js';
import { SumChanges } from './sum-changes.js';

/**
 * Rows of an import that is in progress. They are written at once, but no read counts them before
 * the import is complete.
 */
export function chunkOfImport(importId: Origin, rows: readonly RevenueRow[]): ProjectionStep {
  const ids = [...new Set(rows.map(({ revenueId }) => revenueId))];
  if (ids.length === 0) return [];
  return lookUpAll(
    ids.map((id) => entries.at(id)),
    (found) =>
      lookAtImports(found, (completedAt) => {
        const known = new Map(ids.map((id, index) => [id, found[index]]));
        const chunk = new Chunk(importId, known, completedAt);
        for (const row of rows) chunk.add(row);
        return chunk.changes();
      }),
  );
}

class Chunk {
  private readonly changed = new Map<string, EntryRow>();
  private readonly sums = new SumChanges();

  constructor(
    private readonly importId: Origin,
    private readonly known: ReadonlyMap<string, EntryRow | undefined>,
    private readonly completedAt: CompletedAt,
  ) {}

  add(row: RevenueRow): void {
    const stated: StatedRow = { ...row, origin: this.importId };
    const entry = this.changed.get(row.revenueId) ?? this.known.get(row.revenueId);
    if (entry === undefined) {
      this.changed.set(row.revenueId, stated);
      this.sums.add(stated, first);
    } else if (this.isRepeat(entry)) this.sums.add(stated, duplicate);
    else this.contest(entry, stated);
  }

  changes(): readonly RowUpdate[] {
    return [
      ...[...this.changed].map(([id, row]) => entries.change(id, () => row)),
      ...this.sums.changes(),
      ...this.sums
        .sources()
        .map(([partnerId, origin]) =>
          origins.change(originKey(partnerId, origin), (row) => row ?? { partnerId, origin }),
        ),
    ];
  }

  /** Whether the entry counts already, or an earlier row of this import states it. */
  private isRepeat(entry: EntryRow): boolean {
    return (
      firstStatement(entry, this.completedAt) !== undefined ||
      statedIn(entry).some(({ origin }) => origin === this.importId)
    );
  }

  /** Other imports state the entry, but none is complete. Which one counts is known when one is. */
  private contest(entry: EntryRow, stated: StatedRow): void {
    const before = statedIn(entry);
    const after = [...before, stated];
    for (const other of before)
      this.sums.move(other, repeatAmong(other, before), repeatAmong(other, after));
    this.sums.add(stated, repeatAmong(stated, after));
    this.changed.set(stated.revenueId, { ...entry, rivals: [...(entry.rivals ?? []), stated] });
  }
}
