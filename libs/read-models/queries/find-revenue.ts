import { sql } from 'kysely';
import type { QueryOf } from '../store.js';

interface Columns {
  readonly key: string;
  readonly row: string;
}

interface ImportColumns {
  readonly key: string;
  readonly completedAt: number;
}

export const entriesById =
  (revenueIds: readonly string[]): QueryOf =>
  (tables, { builder }) =>
    builder
      .selectFrom(sql.table<Columns>(tables('entries')).as('e'))
      .select('e.row')
      .where('e.key', 'in', revenueIds)
      .compile();

/** The completed imports among these. */
export const completedImports =
  (importIds: readonly string[]): QueryOf =>
  (tables, { builder }) =>
    builder
      .selectFrom(sql.table<ImportColumns>(tables('imports')).as('i'))
      .select(['i.key', 'i.completedAt'])
      .where('i.key', 'in', importIds)
      .compile();
