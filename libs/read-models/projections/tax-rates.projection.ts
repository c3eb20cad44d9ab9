import type { TaxRatesEvent } from '../../domain/billing/tax/tax-rates.js';
import { projection, table } from '../projection.js';
import type { TaxRatesRow } from '../rows.js';

const taxRates = table<TaxRatesRow>('tax_rates', {
  columns: {
    position: { type: 'integer', of: (row) => row.position },
    country: { type: 'text', of: (row) => row.country },
  },
  indexes: [['position'], ['country', 'position']],
});

export const taxRatesProjection = projection<TaxRatesEvent>('tax-rates', 1, {
  streams: ['taxrates'],
  tables: [taxRates],
  on: {
    TaxRatesPublished: ({ data, position }) =>
      taxRates.change(`${data.country} ${data.from}`, (row) => ({
        ...data,
        position: row?.position ?? position,
      })),
  },
});
