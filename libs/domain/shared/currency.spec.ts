import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import currencyCodes from 'currency-codes';
import { parse } from 'csv-parse/sync';
import { currencies, minorDigits } from './currency.js';

interface Row {
  readonly code: string;
  readonly minor_digits: string;
  readonly from: string;
  readonly to: string;
}

const rows = parse<Row>(readFileSync('reference-data/currencies.csv', 'utf8'), { columns: true });

describe('the table of currencies', () => {
  it('is the list of the reference data', () => {
    expect(currencies.map((code) => [code, String(minorDigits(code))])).toEqual(
      rows.map(({ code, minor_digits }) => [code, minor_digits]),
    );
  });

  it('names the days on which a code came or went', () => {
    expect(rows.filter(({ from, to }) => from || to).map(({ code, from, to }) => [code, from, to]))
      // ISO 4217 amendments; the euro replaced the lev on 2026-01-01.
      .toEqual([
        ['ANG', '', '2025-06-30'],
        ['BGN', '', '2025-12-31'],
        ['XCG', '2025-03-31', ''],
      ]);
  });

  it('has the minor digits of the official list of 2024-06-25, and the amendments since', () => {
    // The package has 0 digits where the list says "N.A.": those codes are not money here.
    const withoutMinorUnit = new Set(
      'XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX'.split(' '),
    );
    const official = currencyCodes
      .codes()
      .filter((code) => !withoutMinorUnit.has(code))
      .map((code) => [code, currencyCodes.code(code)?.digits]);
    const ours = currencies.map((code) => [code, minorDigits(code)]);
    expect(official.filter(([code]) => code !== 'CUC')).toEqual(
      ours.filter(([code]) => code !== 'XCG'),
    );
  });
});
