import { type SqlBool, sql } from 'kysely';
import { PostgresRefused, PostgresUnavailable } from '../../platform/postgres/errors.js';
import { postgresBuilder } from '../../platform/sql/builders.js';
import { ReadModelsUnavailable } from '../errors.js';
import type { StatementBuilder, StoredTables } from '../statements/stored-tables.js';
import type { Dialect } from '../store.js';

export const postgresDialect: Dialect = {
  builder: postgresBuilder<unknown>(),
  contains: (column, text) => sql<SqlBool>`strpos(${sql.ref(column)}, ${text}) > 0`,
};

export const postgresStatements = (schema: string): StatementBuilder => ({
  db: postgresBuilder<StoredTables>(schema),
  yes: true,
  no: false,
});

/**
 * Lists of values as rows, with one list per column: the SQL is the same for any number of rows.
 */
export const rowsOfLists = (lists: readonly (readonly [values: unknown, type: string])[]) =>
  sql<never>`SELECT * FROM unnest(${sql.join(lists.map(([values, type]) => sql`${values}::${sql.raw(type)}[]`))})`;

/**
 * Reports an unavailable or refusing server as ReadModelsUnavailable, like other faults of read
 * models.
 */
export async function withReadModelErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const away = error instanceof PostgresUnavailable || error instanceof PostgresRefused;
    if (away) throw new ReadModelsUnavailable(error.message, { cause: error });
    throw error;
  }
}
