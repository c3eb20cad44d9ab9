import type { PublishedReferenceData } from '../reference-data/reference-data.js';

/**
 * Reference data without files: two markets, their templates and the usual segments. It is enough
 * for an order.
 */
export const smallReferenceData: readonly PublishedReferenceData[] = [
  {
    name: 'markets',
    asOf: '2023-08-17',
    digest: 'small',
    rows: [
      {
        country: 'JP',
        marketCode: 'JP',
        name: 'Japan',
        region: 'Japan',
        regionGroup: 'JP',
        currency: 'JPY',
      },
      {
        country: 'FR',
        marketCode: 'FR',
        name: 'France',
        region: 'Europe',
        regionGroup: 'EUROPE',
        currency: 'EUR',
      },
    ],
  },
  {
    name: 'agreement-locales',
    asOf: '2026-11-22',
    digest: 'small',
    rows: [
      { marketCode: 'JP', name: 'Japan', languages: ['en-US', 'ja-JP'] },
      { marketCode: 'FR', name: 'France', languages: ['en-US', 'fr-FR'] },
    ],
  },
  {
    name: 'segment-matrix',
    asOf: '2026-11-22',
    digest: 'small',
    rows: [
      { qualifications: [], mayBuy: ['commercial'] },
      { qualifications: ['education'], mayBuy: ['commercial', 'education'] },
    ],
  },
];
