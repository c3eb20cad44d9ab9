import { type Kysely } from 'kysely';
import { type Statement, statement } from '../../platform/sql/statement.js';
import type { Projection } from '../projection.js';
import type { CompareFrom, Comparison } from '../store.js';

const COMPARED_PAGE_ROWS = 500;

/** A key that either of two builds has, with the text of both rows. */
export interface BothRows {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

type TablesOfRows = Record<string, { readonly key: string; readonly row: string }>;

/** One page of the keys that either table has, in order, with both rows. */
export function bothRows(
  db: Kysely<TablesOfRows>,
  before: string,
  after: string,
): Statement<{ readonly afterKey: string }> {
  return statement((parameter) => {
    // Each table is read no further than a page, through its index.
    const keysOf = (table: string) =>
      db
        .selectFrom((query) =>
          query
            .selectFrom(table)
            .select('key')
            .where('key', '>', parameter.afterKey)
            .orderBy('key')
            .limit(COMPARED_PAGE_ROWS)
            .as('page'),
        )
        .select('page.key');
    return db
      .selectFrom(
        keysOf(before).union(keysOf(after)).orderBy('key').limit(COMPARED_PAGE_ROWS).as('k'),
      )
      .leftJoin(`${before} as b`, 'b.key', 'k.key')
      .leftJoin(`${after} as a`, 'a.key', 'k.key')
      .select(['k.key', 'b.row as before', 'a.row as after'])
      .orderBy('k.key');
  });
}

/**
 * The result of comparing one page of rows, which is shorter than COMPARED_PAGE_ROWS only at the
 * table's end. Rows are compared as text: the same fold writes the same text.
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
