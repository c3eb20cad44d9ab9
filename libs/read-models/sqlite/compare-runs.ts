import type { Projection } from '../projection.js';
import type { CompareFrom, Comparison, Run } from '../store.js';
import type { ReadModelFile } from './read-model-file.js';
import { tableName } from './run-tables.js';

const PAGE_ROWS = 500;

/** One page of keys that either run has, with both rows. The same fold writes the same text. */
export function compareRuns(
  file: ReadModelFile,
  before: Run,
  after: Run,
  { tables }: Projection,
  { table, afterKey }: CompareFrom,
): Comparison {
  const name = tables[table]?.name;
  if (name === undefined) return { comparedRows: 0 };

  const rows = pageOfBoth(file, tableName(before, name), tableName(after, name), afterKey);
  const different = rows.find((row) => row.before !== row.after);
  if (different) return { comparedRows: rows.indexOf(different), difference: { table: name, ...different } };

  const last = rows.at(-1);
  const through = rows.length < PAGE_ROWS || last === undefined;
  const next = through ? { table: table + 1, afterKey: '' } : { table, afterKey: last.key };
  return { comparedRows: rows.length, ...(next.table < tables.length ? { next } : {}) };
}

interface BothRows {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

function pageOfBoth(file: ReadModelFile, before: string, after: string, afterKey: string): readonly BothRows[] {
  const keys = `SELECT key FROM ${before} WHERE key > ?1 UNION SELECT key FROM ${after} WHERE key > ?1 ORDER BY key LIMIT ${PAGE_ROWS}`;
  const sql = `SELECT k.key, b.row AS before, a.row AS after FROM (${keys}) k
    LEFT JOIN ${before} b ON b.key = k.key LEFT JOIN ${after} a ON a.key = k.key ORDER BY k.key`;
  // The columns are the select's own: a key, and the rows or NULL.
  return file.all(sql, afterKey) as unknown as readonly BothRows[];
}
