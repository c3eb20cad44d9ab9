import type { SellingPricesEvent } from '../../domain/catalog/selling-prices.js';
import { type ImportEvent, sellingPriceRowsOf } from '../../domain/import/import.js';
import { importId } from '../../domain/shared/ids.js';
import type { ListedSellingPrice } from '../offers.js';
import { projection, table } from '../projection.js';

const prices = table<ListedSellingPrice>('selling_prices', {
  columns: {
    importId: { type: 'text', of: (row) => row.importId },
    line: { type: 'integer', of: (row) => row.row },
  },
  indexes: [['importId', 'line']],
});

interface Publication {
  readonly list: string;
  readonly importId: string;
  readonly revision: number;
}
/** The rows of an import are in the log before the event that publishes it. */
const publications = table<Publication>('selling_price_lists', {
  columns: {
    list: { type: 'text', of: (row) => row.list },
    importId: { type: 'text', of: (row) => row.importId },
    revision: { type: 'integer', of: (row) => row.revision },
  },
  indexes: [['list', 'revision']],
});

/** The rows of every revision remain; the latest revision is listed. */
export const sellingPricesProjection = projection<ImportEvent | SellingPricesEvent>(
  'selling-prices',
  1,
  {
    streams: ['import', 'sellingprices'],
    tables: [prices, publications],
    on: {
      ImportChunkAdded: ({ stream, data }) => {
        const id = importId(stream.slice('import-'.length));
        return sellingPriceRowsOf(data.rows).map((row) =>
          prices.put(`${id}/${row.row}`, { ...row, importId: id }),
        );
      },
      SellingPricesPublished: ({ stream, data: { importId }, revision }) =>
        publications.put(`${stream}/${revision}`, { list: stream, importId, revision }),
    },
  },
);
