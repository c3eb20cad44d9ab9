import { type ImportEvent, priceRowsOf } from '../../domain/import/import.js';
import { offerKey } from '../../domain/catalog/price-list-rows.js';
import type { PriceListEvent } from '../../domain/catalog/price-list.js';
import { importId } from '../../domain/shared/ids.js';
import { projection, table } from '../projection.js';
import type { OfferRow } from '../rows.js';
import { searchText } from './search-text.js';

const offers = table<OfferRow>('offers', {
  columns: {
    importId: { type: 'text', of: (row) => row.importId },
    line: { type: 'integer', of: (row) => row.row },
    currency: { type: 'text', of: (row) => row.currency },
    priced: {
      type: 'text',
      of: (row) => `${offerKey(row)}|${row.tierMin ?? ''}|${row.tierMax ?? ''}`,
    },
    since: { type: 'text', of: (row) => row.effectiveFrom },
    through: { type: 'text', of: (row) => row.effectiveTo },
    search: { type: 'text', of: (row) => searchText(row.title, row.productTitle, row.offerId) },
  },
  indexes: [
    ['importId', 'line'],
    ['importId', 'priced'],
  ],
});

/** Rows of an import count only after it is complete and a price list names it. */
const imports = table<{ readonly completed: true }>('imports', { columns: {}, indexes: [] });

interface Publication {
  readonly market: string;
  readonly month: string;
  readonly importId: string;
  readonly revision: number;
}
const publications = table<Publication>('publications', {
  columns: {
    market: { type: 'text', of: (row) => row.market },
    month: { type: 'text', of: (row) => row.month },
    importId: { type: 'text', of: (row) => row.importId },
    revision: { type: 'integer', of: (row) => row.revision },
  },
  indexes: [['market', 'month', 'revision']],
});

/** The published price lists. The rows of every revision remain; the latest revision is listed. */
export const offersProjection = projection<ImportEvent | PriceListEvent>('offers', 2, {
  streams: ['import', 'pricelist'],
  tables: [offers, imports, publications],
  on: {
    ImportChunkAdded: ({ stream, data }) => {
      const id = importId(stream.slice('import-'.length));
      return priceRowsOf(data.rows).map((row) =>
        offers.put(`${id}/${row.row}`, { ...row, importId: id }),
      );
    },
    ImportCompleted: ({ stream, data }) =>
      data.kind === 'price-list'
        ? imports.put(stream.slice('import-'.length), { completed: true })
        : [],
    PriceListPublished: ({ data: { market, month, importId }, revision }) =>
      publications.put(`${market}/${month}/${revision}`, { market, month, importId, revision }),
  },
});
