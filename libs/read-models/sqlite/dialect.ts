import { type SqlBool, sql } from 'kysely';
import { sqliteBuilder } from '../../platform/sql/builders.js';
import type { StatementBuilder, StoredTables } from '../statements/stored-tables.js';
import type { Dialect } from '../store.js';

export const sqliteDialect: Dialect = {
  builder: sqliteBuilder<unknown>(),
  contains: (column, text) => sql<SqlBool>`instr(${sql.ref(column)}, ${text}) > 0`,
};

export const sqliteStatements: StatementBuilder = {
  db: sqliteBuilder<StoredTables>(),
  yes: 1,
  no: 0,
};
