import { type BothRows, COMPARED_PAGE_ROWS, comparisonOf } from '../comparison.js';
import type { Projection } from '../projection.js';
import type { CompareFrom, Comparison, ProjectionBuild } from '../store.js';
import type { ReadModelFile } from './read-model-file.js';
import { tableName } from './build-tables.js';

/** One page of keys that either run has, with both rows. */
export function compareBuilds(
  file: ReadModelFile,
  before: ProjectionBuild,
  after: ProjectionBuild,
  projection: Projection,
  from: CompareFrom,
): Comparison {
  const name = projection.tables[from.table]?.name;
  const rows =
    name === undefined
      ? []
      : pageOfBoth(file, tableName(before, name), tableName(after, name), from.afterKey);
  return comparisonOf(rows, projection, from);
}

function pageOfBoth(
  file: ReadModelFile,
  before: string,
  after: string,
  afterKey: string,
): readonly BothRows[] {
  const keys = `SELECT key FROM ${before} WHERE key > ?1 UNION SELECT key FROM ${after} WHERE key > ?1 ORDER BY key LIMIT ${COMPARED_PAGE_ROWS}`;
  const sql = `SELECT k.key, b.row AS before, a.row AS after FROM (${keys}) k
    LEFT JOIN ${before} b ON b.key = k.key LEFT JOIN ${after} a ON a.key = k.key ORDER BY k.key`;
  // The columns are the select's own: a key, and the rows or NULL.
  return file.all(sql, afterKey) as unknown as readonly BothRows[];
}
