import { execute, type Session } from '../../platform/postgres/session.js';
import { postgresBuilder } from '../../platform/sql/builders.js';
import type { Projection } from '../projection.js';
import { bothRows, type BothRows, comparisonOf } from '../statements/compare-builds.js';
import type { CompareFrom, Comparison, ProjectionBuild } from '../store.js';
import { tableName } from './build-tables.js';

/** Compares one page of rows of two builds, read in one statement and so in one state. */
export async function compareBuilds(
  session: Session,
  schema: string,
  [before, after]: readonly [ProjectionBuild, ProjectionBuild],
  projection: Projection,
  from: CompareFrom,
): Promise<Comparison> {
  const name = projection.tables[from.table]?.name;
  if (name === undefined) return comparisonOf([], projection, from);
  const page = bothRows(postgresBuilder(schema), tableName(before, name), tableName(after, name));
  const rows = await execute(session, page, { afterKey: from.afterKey });
  // The statement selects a key, and each row or NULL.
  return comparisonOf(rows as unknown as readonly BothRows[], projection, from);
}
