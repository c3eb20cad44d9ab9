import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { countries, isCountry } from './country.js';

describe('a country', () => {
  it('is one of the 249 of ISO 3166-1, or Kosovo', () => {
    expect(countries.size).toBe(250);
  });

  it.each([
    ['JP', true],
    ['XK', true],
    ['AQ', true],
    ['EU', false],
    ['UK', false],
    ['XS', false], // Microsoft's market code of Saba is not a country code
    ['jp', false],
    ['', false],
  ])('%s: %s', (code, known) => {
    expect(isCountry(code)).toBe(known);
  });

  it('has a name', () => {
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    expect([...countries].filter((code) => names.of(code) === undefined)).toEqual([]);
  });

  it('is every country of the markets', () => {
    const rows = readFileSync(
      new URL('../../../reference-data/markets.csv', import.meta.url),
      'utf8',
    )
      .trim()
      .split('\n')
      .slice(1);
    expect(rows.map((row) => row.slice(0, 2)).filter((code) => !isCountry(code))).toEqual([]);
  });
});
