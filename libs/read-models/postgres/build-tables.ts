import { quoted, type Session } from '../../platform/postgres/session.js';
import type { Link, Projection, Row, Table } from '../projection.js';
import type { ProjectionBuild } from '../store.js';

/**
 * The name of a build's table: `r7_orders`, or `r7_customers_partners` for a link. Ids of builds
 * are never reused.
 */
export const tableName = (
  build: Pick<ProjectionBuild, 'id'>,
  table: string,
  link?: string,
): string => `r${build.id}_${table}${link === undefined ? '' : `_${link}`}`;

const TYPES = { text: 'text COLLATE "C"', integer: 'int8' } as const;

export async function createTables(
  session: Session,
  schema: string,
  build: ProjectionBuild,
  { tables }: Projection,
): Promise<void> {
  const links = tables.flatMap((table) =>
    Object.entries(table.shape.links ?? {}).map(([link, { columns }]) =>
      linkTable(schema, tableName(build, table.name, link), columns),
    ),
  );
  await session.query(
    [...tables.map((table) => rowsTable(schema, build, table)), ...links].join(';\n'),
  );
}

function linkTable(schema: string, name: string, columns: Link<Row>['columns']): string {
  const named = Object.entries(columns);
  const fields = named.map(([column, type]) => `${quoted(column)} ${TYPES[type]} NOT NULL`);
  // The link's own columns come first in its key, which is the index that finds rows.
  const key = [...named.map(([column]) => quoted(column)), 'key'].join(', ');
  return `CREATE TABLE ${schema}.${quoted(name)} (${[...fields, `key ${TYPES.text} NOT NULL`, `PRIMARY KEY (${key})`].join(', ')})`;
}

function rowsTable(schema: string, build: ProjectionBuild, { name, shape }: Table): string {
  const columns = Object.entries(shape.columns).map(
    ([column, { type }]) =>
      `${quoted(column)} ${TYPES[type]}${column === shape.sequence ? ' PRIMARY KEY' : ''}`,
  );
  const all = [...columns, `key ${TYPES.text} NOT NULL UNIQUE`, 'row text NOT NULL'];
  return `CREATE TABLE ${schema}.${quoted(tableName(build, name))} (${all.join(', ')})`;
}

/**
 * Creates the indexes, and collects statistics of the newly filled tables for the query planner.
 */
export async function createIndexes(
  session: Session,
  schema: string,
  build: ProjectionBuild,
  { tables }: Projection,
): Promise<void> {
  const indexes = tables.flatMap(({ name, shape }) =>
    shape.indexes.map((columns) => {
      const table = tableName(build, name);
      const index = quoted(`${table}_by_${columns.join('_')}`);
      return `CREATE INDEX IF NOT EXISTS ${index} ON ${schema}.${quoted(table)} (${columns.map(quoted).join(', ')})`;
    }),
  );
  const filled = tables.flatMap(({ name, shape }) => [
    tableName(build, name),
    ...Object.keys(shape.links ?? {}).map((link) => tableName(build, name, link)),
  ]);
  await session.query(
    [...indexes, ...filled.map((table) => `ANALYZE ${schema}.${quoted(table)}`)].join(';\n'),
  );
}

/**
 * Finds the tables of a build by their names, because its projection may be of an older release,
 * and unknown to this one.
 */
export async function dropTables(
  session: Session,
  schema: string,
  build: ProjectionBuild,
): Promise<void> {
  const names = await session.query(
    'SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = $2 AND starts_with(relname, $3) ORDER BY 1',
    [schema, 'r', tableName(build, '')],
  );
  if (names.length > 0)
    await session.query(
      `DROP TABLE ${names.map(({ name }) => `${schema}.${quoted(String(name))}`).join(', ')}`,
    );
}
