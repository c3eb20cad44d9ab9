import { type Expression, type Kysely, type SqlBool } from 'kysely';

/**
 * What differs between the stores' SQL. Queries are built with Kysely and compiled; the store runs
 * them.
 */
export interface Dialect {
  readonly builder: Kysely<unknown>;
  /** The column's text contains this text, as it is. */
  contains(column: string, text: string): Expression<SqlBool>;
}
