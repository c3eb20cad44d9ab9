import type { Address } from '../../../domain/billing/documents/frozen-document.js';
import type { DocumentLanguage } from '../../../domain/billing/parties/billing-entity.js';
import { productOf } from '../../../domain/shared/money.js';
import { countryNames } from './country-names.js';

/** With thousands separators. The digits after the point are those of the document. */
export function grouped(amount: string): string {
  const [whole = '', fraction] = amount.split('.');
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}

/** An amount with its currency: `EUR 1,234.50`, and in Japanese `￥1,234`. */
export const money = (amount: string, currency: string, language: DocumentLanguage): string =>
  language === 'ja' && currency === 'JPY'
    ? `${amount.startsWith('-') ? '-' : ''}￥${grouped(amount.replace('-', ''))}`
    : `${currency} ${grouped(amount)}`;

/** A decimal rate: `0.055` is `5.5%`. */
export const percent = (rate: string): string => `${productOf(rate, 100)}%`;

export function longDate(date: string, language: DocumentLanguage): string {
  if (language === 'en') return date;
  const [year, month, day] = date.split('-').map(Number);
  return `${year}年${month}月${day}日`;
}

export const shortDate = (date: string, language: DocumentLanguage): string =>
  language === 'ja' ? date.replaceAll('-', '/') : date;

/** The first and the last day, on two lines; a single day on one. */
export const period = (from: string, to: string, language: DocumentLanguage): string =>
  from === to
    ? shortDate(from, language)
    : `${shortDate(from, language)} ${language === 'ja' ? '～' : '–'}\n${shortDate(to, language)}`;

/** Countries that write the city and the region before the postal code. */
const cityFirst: ReadonlySet<string> = new Set(['AU', 'CA', 'JP', 'US']);

/** An address as the post reads it. The country is shown to readers in another one. */
export function addressLines(
  { lines, city, region, postalCode, country }: Address,
  language: DocumentLanguage,
  readerCountry: string,
): readonly string[] {
  const countryLine =
    country === readerCountry ? [] : [countryNames.get(country)?.[language] ?? country];
  if (language === 'ja' && country === 'JP') {
    const place = `${region ?? ''}${city ?? ''}`;
    return [
      ...(postalCode === undefined ? [] : [`〒${postalCode}`]),
      ...(place === '' ? [] : [place]),
      ...lines,
      ...countryLine,
    ];
  }
  const places = cityFirst.has(country)
    ? [joined([city, joined([region, postalCode], ' ')], ', ')]
    : [joined([postalCode, city], ' '), region ?? ''];
  return [...lines, ...places.filter((place) => place !== ''), ...countryLine];
}

const joined = (parts: readonly (string | undefined)[], between: string): string =>
  parts.filter((part) => part !== undefined && part !== '').join(between);
