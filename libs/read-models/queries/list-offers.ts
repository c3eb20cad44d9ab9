import { sql } from 'kysely';
import { monthOf } from '../../domain/shared/calendar.js';
import { searchText } from '../projections/search-text.js';
import type { OffersQuery } from '../read-models.js';
import type { Dialect, QueryOf } from '../store.js';

interface OfferColumns {
  readonly row: string;
  readonly importId: string;
  /** The row in the uploaded file. */
  readonly line: number;
  readonly currency: string;
  /** Equal for rows that differ only in their dates: the key of the offer, and the tier. */
  readonly priced: string;
  readonly since: string | null;
  readonly through: string | null;
  readonly search: string;
}
interface PublicationColumns {
  readonly market: string;
  readonly month: string;
  readonly importId: string;
  readonly revision: number;
}

/**
 * The import whose rows are the market's price list in that month: the one of the latest revision,
 * or the one that a cursor names.
 */
export const publishedImport =
  ({ market, on }: OffersQuery, importId?: string): QueryOf =>
  (tables, dialect) => {
    const published = publications(dialect, tables('publications'))
      .select('l.importId')
      .where('l.market', '=', market)
      .where('l.month', '=', monthOf(on))
      .where(
        'l.importId',
        'in',
        dialect.builder
          .selectFrom(sql.table<{ key: string }>(tables('imports')).as('i'))
          .select('i.key'),
      )
      .orderBy('l.revision', 'desc')
      .limit(1);
    return (
      importId === undefined ? published : published.where('l.importId', '=', importId)
    ).compile();
  };

const publications = ({ builder }: Dialect, table: string) =>
  builder.selectFrom(sql.table<PublicationColumns>(table).as('l'));

export const offersAfter =
  (importId: string, after: number, rows: number, { currency, on, q }: OffersQuery): QueryOf =>
  (tables, dialect) => {
    let query = inForce(dialect, tables('offers'), 'o', importId, on)
      .select('o.row')
      .where('o.line', '>', after)
      .where(({ not, exists }) => not(exists(superseding(dialect, tables('offers'), importId, on))))
      .orderBy('o.line')
      .limit(rows);
    if (currency !== undefined) query = query.where('o.currency', '=', currency);
    if (q !== undefined) query = query.where(dialect.contains('o.search', searchText(q)));
    return query.compile();
  };

const inForce = <Alias extends string>(
  { builder }: Dialect,
  table: string,
  alias: Alias,
  importId: string,
  on: string,
) => {
  const column = (name: keyof OfferColumns) => sql.ref(`${alias}.${name}`);
  return builder
    .selectFrom(sql.table<OfferColumns>(table).as(alias))
    .where(column('importId'), '=', importId)
    .where((where) =>
      where.or([where(column('since'), 'is', null), where(column('since'), '<=', on)]),
    )
    .where((where) =>
      where.or([where(column('through'), 'is', null), where(column('through'), '>=', on)]),
    );
};

/**
 * The rows that the gate chooses (`domain/catalog/rows-in-force.ts`): of the rows in force the one
 * that starts last, and of these the one that ends first.
 */
const superseding = (dialect: Dialect, table: string, importId: string, on: string) => {
  const starts = (alias: string) => sql<string>`coalesce(${sql.ref(`${alias}.since`)}, '')`;
  const ends = (alias: string) =>
    sql<string>`coalesce(${sql.ref(`${alias}.through`)}, '9999-12-31')`;
  return inForce(dialect, table, 's', importId, on)
    .select(sql`1`.as('one'))
    .where(sql<boolean>`${sql.ref('s.priced')} = ${sql.ref('o.priced')}`)
    .where(
      sql<boolean>`(${starts('s')} > ${starts('o')} or (${starts('s')} = ${starts('o')} and ${ends('s')} < ${ends('o')}))`,
    );
};
