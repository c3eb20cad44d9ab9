import { sql } from 'kysely';
import { sellingPricesStream } from '../../domain/shared/streams.js';
import type { SellingPricesQuery } from '../offers.js';
import type { QueryOf } from '../store.js';

interface PriceColumns {
  readonly row: string;
  readonly importId: string;
  readonly line: number;
}
interface PublicationColumns {
  readonly list: string;
  readonly importId: string;
  readonly revision: number;
}

/** The import whose rows are the list: of the latest revision, or the one that a cursor names. */
export const sellingPricesImport =
  ({ partnerId, market, month }: SellingPricesQuery, importId?: string): QueryOf =>
  (tables, { builder }) => {
    const published = builder
      .selectFrom(sql.table<PublicationColumns>(tables('selling_price_lists')).as('l'))
      .select('l.importId')
      .where('l.list', '=', sellingPricesStream(partnerId, market, month))
      .orderBy('l.revision', 'desc')
      .limit(1);
    return (
      importId === undefined ? published : published.where('l.importId', '=', importId)
    ).compile();
  };

export const sellingPricesAfter =
  (importId: string, after: number, rows: number): QueryOf =>
  (tables, { builder }) =>
    builder
      .selectFrom(sql.table<PriceColumns>(tables('selling_prices')).as('p'))
      .select('p.row')
      .where('p.importId', '=', importId)
      .where('p.line', '>', after)
      .orderBy('p.line')
      .limit(rows)
      .compile();
