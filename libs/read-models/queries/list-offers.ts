import { sql } from 'kysely';
import { monthOf } from '../../domain/shared/calendar.js';
import { searchText } from '../projections/search-text.js';
import type { PartnerId } from '../../domain/shared/ids.js';
import type { OffersQuery } from '../offers.js';
import type { Dialect, QueryOf } from '../store.js';

interface OfferColumns {
  readonly row: string;
  readonly importId: string;
  /** The row in the uploaded file. */
  readonly line: number;
  readonly offerId: string;
  /** Of a partner-owned offer that is sold in this market only. */
  readonly market: string | null;
  readonly currency: string;
  /** The key of the offer and the tier: equal for rows that differ only in their dates. */
  readonly priced: string;
  readonly since: string | null;
  readonly through: string | null;
  readonly search: string;
}
interface PublicationColumns {
  readonly market: string | null;
  readonly partnerId: string | null;
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

/**
 * The imports whose rows are the partners' own offers in that month, in the order of their ids: of
 * the latest revisions, or the one that a cursor names.
 */
export const ownImports =
  ({ on }: Pick<OffersQuery, 'on'>, partnerIds: readonly PartnerId[], importId?: string): QueryOf =>
  (tables, dialect) => {
    if (partnerIds.length === 0) return undefined;
    const table = tables('publications');
    const published = publications(dialect, table)
      .select(['l.importId', 'l.partnerId'])
      .where('l.partnerId', 'in', partnerIds)
      .where('l.month', '=', monthOf(on))
      .orderBy('l.partnerId');
    if (importId !== undefined) return published.where('l.importId', '=', importId).compile();
    const newer = dialect.builder
      .selectFrom(sql.table<PublicationColumns>(table).as('n'))
      .select(sql`1`.as('one'))
      .where(
        sql<boolean>`${sql.ref('n.partnerId')} = ${sql.ref('l.partnerId')} and ${sql.ref('n.month')} = ${sql.ref('l.month')} and ${sql.ref('n.revision')} > ${sql.ref('l.revision')}`,
      );
    return published.where(({ not, exists }) => not(exists(newer))).compile();
  };

const publications = ({ builder }: Dialect, table: string) =>
  builder.selectFrom(sql.table<PublicationColumns>(table).as('l'));

/** A page of offers: after which row of which import. */
export interface OffersPage {
  readonly importId: string;
  readonly after: number;
  readonly rows: number;
  /** Of partner-owned offers: the market's price list, whose offers are not listed again. */
  readonly notOn?: string | undefined;
}

export const offersAfter =
  (
    { importId, after, rows, notOn }: OffersPage,
    { currency, on, q, market }: OffersQuery,
  ): QueryOf =>
  (tables, dialect) => {
    let query = inForce(dialect, tables('offers'), 'o', importId, on)
      .select('o.row')
      .where('o.line', '>', after)
      .where((where) => where.or([where('o.market', 'is', null), where('o.market', '=', market)]))
      .where(({ not, exists }) => not(exists(superseding(dialect, tables('offers'), importId, on))))
      .orderBy('o.line')
      .limit(rows);
    if (currency !== undefined) query = query.where('o.currency', '=', currency);
    if (notOn !== undefined) {
      const onList = dialect.builder
        .selectFrom(sql.table<OfferColumns>(tables('offers')).as('c'))
        .select(sql`1`.as('one'))
        .where('c.importId', '=', notOn)
        .where(sql<boolean>`${sql.ref('c.offerId')} = ${sql.ref('o.offerId')}`);
      query = query.where(({ not, exists }) => not(exists(onList)));
    }
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
