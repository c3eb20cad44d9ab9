import { type SqlBool, sql } from 'kysely';
import type { Session } from '../../platform/postgres/session.js';
import { postgresBuilder } from '../../platform/sql/builders.js';
import { boundValues, type Statement } from '../../platform/sql/statement.js';
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

export const execute = <Values>(
  session: Session,
  statement: Statement<Values>,
  values: Values,
): ReturnType<Session['query']> => session.query(statement.sql, boundValues(statement, values));

/**
 * Lists of values as rows, with one list per column: the SQL is the same for any number of rows.
 */
export const rowsOfLists = (lists: readonly (readonly [values: unknown, type: string])[]) =>
  sql<never>`SELECT * FROM unnest(${sql.join(lists.map(([values, type]) => sql`${values}::${sql.raw(type)}[]`))})`;
