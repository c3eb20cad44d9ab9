import { quoted } from '../../platform/postgres/identifiers.js';
import type { Session } from '../../platform/postgres/session.js';
import { type BothRows, COMPARED_PAGE_ROWS, comparisonOf } from '../comparison.js';
import type { Projection } from '../projection.js';
import type { CompareFrom, Comparison, ProjectionBuild } from '../store.js';
import { tableName } from './build-tables.js';

/** One page of keys that either run has, with both rows, in one statement: in one state. */
export async function compareBuilds(
  session: Session,
  schema: string,
  [before, after]: readonly [ProjectionBuild, ProjectionBuild],
  projection: Projection,
  from: CompareFrom,
): Promise<Comparison> {
  const name = projection.tables[from.table]?.name;
  if (name === undefined) return comparisonOf([], projection, from);
  const [old, other] = [before, after].map(
    (build) => `${schema}.${quoted(tableName(build, name))}`,
  );
  const keysOf = (table: string | undefined) =>
    `(SELECT key FROM ${table} WHERE key > $1 ORDER BY key LIMIT ${COMPARED_PAGE_ROWS})`;
  const rows = await session.query(
    `SELECT k.key, b.row AS before, a.row AS after
     FROM (SELECT key FROM (${keysOf(old)} UNION ${keysOf(other)}) both_keys ORDER BY key LIMIT ${COMPARED_PAGE_ROWS}) k
     LEFT JOIN ${old} b ON b.key = k.key LEFT JOIN ${other} a ON a.key = k.key ORDER BY k.key`,
    [from.afterKey],
  );
  // The columns are the select's own: a key, and the rows or NULL.
  return comparisonOf(rows as unknown as readonly BothRows[], projection, from);
}
