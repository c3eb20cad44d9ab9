import type { Projection } from './projection.js';
import type { CompareFrom, Comparison } from './store.js';

export const COMPARED_PAGE_ROWS = 500;

/** A key that either of two runs has, with both rows' texts. */
export interface BothRows {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * What a page of keys in order, COMPARED_PAGE_ROWS unless it is the table's last, tells. The same
 * fold writes the same text.
 */
export function comparisonOf(
  rows: readonly BothRows[],
  { tables }: Projection,
  { table }: CompareFrom,
): Comparison {
  const name = tables[table]?.name;
  if (name === undefined) return { comparedRows: 0 };
  const different = rows.find((row) => row.before !== row.after);
  if (different)
    return { comparedRows: rows.indexOf(different), difference: { table: name, ...different } };

  const last = rows.at(-1);
  const through = rows.length < COMPARED_PAGE_ROWS || last === undefined;
  const next = through ? { table: table + 1, afterKey: '' } : { table, afterKey: last.key };
  return { comparedRows: rows.length, ...(next.table < tables.length ? { next } : {}) };
}
