import { sql } from 'kysely';
import { monthOf } from '../../domain/shared/calendar.js';
import { searchText } from '../projections/search-text.js';
import type { OffersQuery } from '../read-models.js';
import type { QueryOf } from '../store.js';
import type { Dialect } from './dialect.js';

interface OfferColumns {
  readonly row: string;
  readonly importId: string;
  /** Its row in the uploaded file. */
  readonly line: number;
  readonly currency: string;
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

/** The import whose rows are the market's price list in that month: the latest revision's, or the one that a cursor names. */
export const publishedImport =
  ({ market, on }: OffersQuery, importId?: string): QueryOf =>
  (tables, dialect) => {
    const published = publications(dialect, tables('publications'))
      .select('l.importId')
      .where('l.market', '=', market)
      .where('l.month', '=', monthOf(on))
      .where('l.importId', 'in', dialect.builder.selectFrom(sql.table<{ key: string }>(tables('imports')).as('i')).select('i.key'))
      .orderBy('l.revision', 'desc')
      .limit(1);
    return (importId === undefined ? published : published.where('l.importId', '=', importId)).compile();
  };

const publications = ({ builder }: Dialect, table: string) => builder.selectFrom(sql.table<PublicationColumns>(table).as('l'));

export const offersAfter =
  (importId: string, after: number, rows: number, { currency, on, q }: OffersQuery): QueryOf =>
  (tables, dialect) => {
    let query = dialect.builder
      .selectFrom(sql.table<OfferColumns>(tables('offers')).as('o'))
      .select('o.row')
      .where('o.importId', '=', importId)
      .where('o.line', '>', after)
      .where((where) => where.or([where('o.since', 'is', null), where('o.since', '<=', on)]))
      .where((where) => where.or([where('o.through', 'is', null), where('o.through', '>=', on)]))
      .orderBy('o.line')
      .limit(rows);
    if (currency !== undefined) query = query.where('o.currency', '=', currency);
    if (q !== undefined) query = query.where(dialect.contains('o.search', searchText(q)));
    return query.compile();
  };
