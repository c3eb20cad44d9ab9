import { type ImportEvent, priceRowsOf } from '../../domain/import/import.js';
import { offerKey } from '../../domain/catalog/price-list-rows.js';
import type { PartnerOffersEvent } from '../../domain/catalog/partner-offers.js';
import type { PriceListEvent } from '../../domain/catalog/price-list.js';
import { importId } from '../../domain/shared/ids.js';
import { projection, table } from '../projection.js';
import type { OfferRow } from '../offers.js';
import { searchText } from './search-text.js';

const offers = table<OfferRow>('offers', {
  columns: {
    importId: { type: 'text', of: (row) => row.importId },
    line: { type: 'integer', of: (row) => row.row },
    offerId: { type: 'text', of: (row) => row.offerId },
    market: { type: 'text', of: (row) => row.market },
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
    ['importId', 'offerId'],
  ],
});

/** Rows of an import count only after it is complete and a list names it. */
const imports = table<{ readonly completed: true }>('imports', { columns: {}, indexes: [] });

/** Of a market's price list, or of a partner's own offers. */
interface Publication {
  readonly market?: string;
  readonly partnerId?: string;
  readonly month: string;
  readonly importId: string;
  readonly revision: number;
}
const publications = table<Publication>('publications', {
  columns: {
    market: { type: 'text', of: (row) => row.market },
    partnerId: { type: 'text', of: (row) => row.partnerId },
    month: { type: 'text', of: (row) => row.month },
    importId: { type: 'text', of: (row) => row.importId },
    revision: { type: 'integer', of: (row) => row.revision },
  },
  indexes: [
    ['market', 'month', 'revision'],
    ['partnerId', 'month', 'revision'],
  ],
});

/**
 * The published price lists and partner-owned offers. The rows of every revision remain; the latest
 * revision is listed.
 */
export const offersProjection = projection<ImportEvent | PriceListEvent | PartnerOffersEvent>(
  'offers',
  3,
  {
    streams: ['import', 'pricelist', 'partneroffers'],
    tables: [offers, imports, publications],
    on: {
      ImportChunkAdded: ({ stream, data }) => {
        const id = importId(stream.slice('import-'.length));
        return priceRowsOf(data.rows).map((row) =>
          offers.put(`${id}/${row.row}`, { ...row, importId: id }),
        );
      },
      ImportCompleted: ({ stream, data }) =>
        data.kind === 'price-list' || data.kind === 'partner-offers'
          ? imports.put(stream.slice('import-'.length), { completed: true })
          : [],
      PriceListPublished: ({ data: { market, month, importId }, revision }) =>
        publications.put(`${market}/${month}/${revision}`, { market, month, importId, revision }),
      PartnerOffersPublished: ({ data: { partnerId, month, importId }, revision, stream }) =>
        publications.put(`${stream}/${revision}`, { partnerId, month, importId, revision }),
    },
  },
);
