import type { AgreementLocaleRow, MarketRow, SegmentRow } from '../../program/program.js';

const market = (
  country: string,
  marketCode: string,
  regionGroup: string,
  currency: string,
): MarketRow => ({
  country,
  marketCode,
  name: marketCode,
  region: regionGroup,
  regionGroup,
  currency,
});

/**
 * A few markets of the reference data: two of one region and currency, one of another currency, a
 * country with three, and one without a template.
 */
export const markets: readonly MarketRow[] = [
  market('FR', 'FR', 'EUROPE', 'EUR'),
  market('DE', 'DE', 'EUROPE', 'EUR'),
  market('GB', 'GB', 'EUROPE', 'GBP'),
  market('JP', 'JP', 'JP', 'JPY'),
  market('US', 'US', 'US', 'USD'),
  market('BQ', 'BQ', 'LATAM_CARIB', 'USD'),
  market('BQ', 'XS', 'LATAM_CARIB', 'USD'),
  market('CN', 'CN', 'CN', 'CNY'),
];

const locale = (marketCode: string, ...languages: readonly string[]): AgreementLocaleRow => ({
  marketCode,
  name: marketCode,
  languages,
});

/** Russia has a template, although it is not a market. */
export const agreementLocales: readonly AgreementLocaleRow[] = [
  locale('FR', 'en-US', 'fr-FR'),
  locale('DE', 'en-US', 'de-DE'),
  locale('GB', 'en-US'),
  locale('JP', 'en-US', 'ja-JP'),
  locale('US', 'en-US'),
  locale('BQ', 'en-US'),
  locale('XS', 'en-US'),
  locale('RU', 'en-US', 'ru-RU'),
];

const segment = (qualifications: readonly string[], ...mayBuy: readonly string[]): SegmentRow => ({
  qualifications,
  mayBuy,
});

export const segments: readonly SegmentRow[] = [
  segment([], 'commercial'),
  segment(['nonprofit'], 'commercial', 'nonprofit'),
  segment(['education'], 'commercial', 'education'),
  segment(['gcc'], 'gcc'),
  segment(['stateOwnedEntity'], 'commercial'),
  segment(['education', 'stateOwnedEntity'], 'commercial', 'education'),
  segment(['gcc', 'stateOwnedEntity'], 'gcc'),
];
