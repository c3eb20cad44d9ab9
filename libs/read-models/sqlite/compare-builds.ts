import { sqliteBuilder } from '../../platform/sql/builders.js';
import type { Projection } from '../projection.js';
import { bothRows, type BothRows, comparisonOf } from '../statements/compare-builds.js';
import type { CompareFrom, Comparison, ProjectionBuild } from '../store.js';
import { tableName } from './build-tables.js';
import type { ReadModelFile } from './read-model-file.js';

/** Compares one page of rows of two builds. */
export function compareBuilds(
  file: ReadModelFile,
  before: ProjectionBuild,
  after: ProjectionBuild,
  projection: Projection,
  from: CompareFrom,
): Comparison {
  const name = projection.tables[from.table]?.name;
  if (name === undefined) return comparisonOf([], projection, from);
  const page = bothRows(sqliteBuilder(), tableName(before, name), tableName(after, name));
  const rows = file.rows(page, { afterKey: from.afterKey });
  // The statement selects a key, and each row or NULL.
  return comparisonOf(rows as unknown as readonly BothRows[], projection, from);
}
