import { sql } from 'kysely';
import type { Projection, Scalar } from '../projection.js';
import type { QueryOf } from '../store.js';

export const PAGE_ROWS = 500;

/** A stored table: a projection's own, or that of a link, with all columns of a row. */
export interface StoredTable {
  /** `customers`, and `customers.partners` for a link. */
  readonly name: string;
  /** The columns that identify a row; rows are read in their order. */
  readonly identity: readonly string[];
  page(after: readonly Scalar[] | undefined): QueryOf;
}

export const storedTablesOf = ({ tables }: Projection): readonly StoredTable[] =>
  tables.flatMap(({ name, shape }) => [
    stored(name, ['key'], ['key', ...Object.keys(shape.columns), 'row']),
    ...Object.entries(shape.links ?? {}).map(([link, { columns }]) => {
      const identity = [...Object.keys(columns), 'key'];
      return stored(name, identity, identity, link);
    }),
  ]);

const stored = (
  table: string,
  identity: readonly string[],
  columns: readonly string[],
  link?: string,
): StoredTable => ({
  name: link === undefined ? table : `${table}.${link}`,
  identity,
  page:
    (after) =>
    (tables, { builder }) => {
      const names = sql.join(columns.map((column) => sql.ref(column)));
      const order = sql.join(identity.map((column) => sql.ref(column)));
      const following = after === undefined ? sql`` : sql`WHERE (${order}) > (${sql.join(after)})`;
      return sql`SELECT ${names} FROM ${sql.table(tables(table, link))} ${following} ORDER BY ${order} LIMIT ${PAGE_ROWS}`.compile(
        builder,
      );
    },
});
