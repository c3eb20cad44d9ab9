import type { Projection, Table } from '../projection.js';
import type { ProjectionBuild } from '../store.js';
import type { ReadModelFile } from './read-model-file.js';

/**
 * The name of a build's table: `r7_orders`, or `r7_customers_partners` for a link. Ids of builds
 * are never reused.
 */
export const tableName = (
  build: Pick<ProjectionBuild, 'id'>,
  table: string,
  link?: string,
): string => `r${build.id}_${table}${link === undefined ? '' : `_${link}`}`;

export function createTables(
  file: ReadModelFile,
  build: ProjectionBuild,
  { tables }: Projection,
): void {
  for (const table of tables) {
    file.database.exec(rowsTable(build, table));
    for (const [link, { columns }] of Object.entries(table.shape.links ?? {})) {
      const named = Object.entries(columns);
      const fields = named.map(([column, type]) => `${quoted(column)} ${type} NOT NULL`).join(', ');
      const key = [...named.map(([column]) => quoted(column)), 'key'].join(', ');
      // The link's own columns come first in its key, which is the index that finds rows.
      file.database.exec(
        `CREATE TABLE ${tableName(build, table.name, link)} (${fields}, key TEXT NOT NULL, PRIMARY KEY (${key})) STRICT, WITHOUT ROWID`,
      );
    }
  }
}

function rowsTable(build: ProjectionBuild, { name, shape }: Table): string {
  const columns = Object.entries(shape.columns).map(
    ([column, { type }]) =>
      `${quoted(column)} ${column === shape.sequence ? 'INTEGER PRIMARY KEY' : type}`,
  );
  return `CREATE TABLE ${tableName(build, name)} (${[...columns, 'key TEXT NOT NULL UNIQUE', 'row TEXT NOT NULL'].join(', ')}) STRICT`;
}

export function createIndexes(
  file: ReadModelFile,
  build: ProjectionBuild,
  { tables }: Projection,
): void {
  for (const { name, shape } of tables) {
    for (const index of shape.indexes) {
      const on = tableName(build, name);
      file.database.exec(
        `CREATE INDEX IF NOT EXISTS ${on}_by_${index.join('_')} ON ${on} (${index.map(quoted).join(', ')})`,
      );
    }
  }
}

/**
 * Finds the tables of a build by their names, because its projection may be of an older release,
 * and unknown to this one.
 */
export function dropTables(file: ReadModelFile, build: ProjectionBuild): void {
  const names = file.all(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB ?",
    `${tableName(build, '*')}`,
  );
  file.forgetStatements();
  for (const { name } of names) file.database.exec(`DROP TABLE ${quoted(String(name))}`);
}

/** Names come from the projections' code, never from data. */
export const quoted = (name: string): string => `"${name}"`;
