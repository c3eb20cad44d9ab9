import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { compareDecimals, sumOf } from '../../shared/money.js';
import { creditTax, documentTotals, type TaxRounding } from './document-tax.js';
import { isEuMember } from './eu-members.js';
import { lineTax, rateTableOn, type TaxQuestion, type TaxRateTable } from './line-tax.js';

interface RateRow {
  readonly country: string;
  readonly from: string;
  readonly standard: string;
  readonly reduced: string;
}
const rateTables: readonly TaxRateTable[] = parse<RateRow>(
  readFileSync('reference-data/tax-rates.csv', 'utf8'),
  { columns: true },
).map(({ country, from, standard, reduced }) => ({
  country,
  from,
  rates: { standard, ...(reduced !== '' && { reduced }) },
}));
const question = (changes: Partial<TaxQuestion> = {}): TaxQuestion => ({
  issuerCountry: 'JP',
  payer: { country: 'JP' },
  category: 'standard',
  on: '2026-11-01',
  rateTables,
  ...changes,
});
const answer = (changes: Partial<TaxQuestion>) => {
  const result = lineTax(question(changes));
  return result.ok ? `${result.value.treatment} ${result.value.rate}` : result.refusal;
};

describe('the tax of a line', () => {
  it.each([
    ['2014-03-31', 'standard', 'tax-rate-missing'],
    ['2014-04-01', 'standard', 'standard 0.08'],
    ['2019-09-30', 'standard', 'standard 0.08'],
    ['2019-09-30', 'reduced', 'tax-rate-missing'],
    ['2019-10-01', 'standard', 'standard 0.10'],
    ['2019-10-01', 'reduced', 'standard 0.08'],
    ['2019-10-01', 'books', 'tax-rate-missing'],
    ['2019-10-01', 'constructor', 'tax-rate-missing'],
  ])('on %s in the category %s is %s', (on, category, expected) => {
    expect(answer({ on, category })).toBe(expected);
  });

  it('takes the last table in the log of those that start on one day', () => {
    const corrected = [
      ...rateTables,
      { country: 'JP', from: '2019-10-01', rates: { standard: '0.11' } },
      { country: 'JP', from: '2014-04-01', rates: { standard: '0.05' } },
    ];
    expect(answer({ rateTables: corrected })).toBe('standard 0.11');
  });

  it.each(['exempt', 'reverse-charge', 'outside-scope'] as const)(
    'is %s when the payer’s profile says so',
    (treatment) => {
      const payer = { country: 'JP', taxTreatment: { treatment, reason: 'Art. 7' } };
      expect(lineTax(question({ payer }))).toEqual({
        ok: true,
        value: { treatment, category: 'standard', rate: '0', reason: 'Art. 7' },
      });
    },
  );

  it("is the issuer's rate for a payer abroad whose profile says standard", () => {
    const payer = {
      country: 'US',
      taxTreatment: { treatment: 'standard', reason: 'agreed' },
    } as const;
    expect(answer({ payer })).toBe('standard 0.10');
  });

  it.each([
    ['DE', { country: 'FR', taxId: 'FR123' }, '2026-11-01', 'reverse-charge 0'],
    ['DE', { country: 'FR' }, '2026-11-01', 'tax-treatment-missing'],
    ['DE', { country: 'CH', taxId: 'CHE1' }, '2026-11-01', 'tax-treatment-missing'],
    ['CH', { country: 'DE', taxId: 'DE1' }, '2026-11-01', 'tax-treatment-missing'],
    ['DE', { country: 'GB', taxId: 'GB1' }, '2020-12-31', 'reverse-charge 0'],
    ['DE', { country: 'GB', taxId: 'GB1' }, '2021-01-01', 'tax-treatment-missing'],
    ['DE', { country: 'HR', taxId: 'HR1' }, '2013-06-30', 'tax-treatment-missing'],
    ['DE', { country: 'HR', taxId: 'HR1' }, '2013-07-01', 'reverse-charge 0'],
    ['DE', { country: 'DE', taxId: 'DE1' }, '2026-11-01', 'standard 0.19'],
    ['FI', { country: 'FI' }, '2024-08-31', 'standard 0.24'],
    ['FI', { country: 'FI' }, '2024-09-01', 'standard 0.255'],
    ['CH', { country: 'CH' }, '2026-11-01', 'tax-rate-missing'],
  ])('from %s to %j on %s is %s', (issuerCountry, payer, on, expected) => {
    expect(answer({ issuerCountry, payer, on })).toBe(expected);
  });
});

describe('the members of the EU', () => {
  const codes =
    'AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(
      ' ',
    );

  it('have a standard rate each in the reference data', () => {
    const on = '2026-11-30';
    const members = codes.filter((code) => isEuMember(code, on));
    expect(members.filter((code) => !rateTableOn(rateTables, code, on)?.rates['standard'])).toEqual(
      [],
    );
  });

  it.each([
    ['1994-12-31', 12],
    ['1995-01-01', 15],
    ['2004-04-30', 15],
    ['2004-05-01', 25],
    ['2007-01-01', 27],
    ['2013-07-01', 28],
    ['2021-01-01', 27],
  ])('on %s are %d', (on, count) => {
    expect(codes.filter((code) => isEuMember(code, on))).toHaveLength(count);
  });
});

const line = (
  amount: string,
  rate: string,
  treatment: 'standard' | 'reverse-charge' = 'standard',
) => ({ amount, tax: { treatment, rate } });

describe('the tax of a document', () => {
  it.each([
    // EN 16931, eInvoicing-EN16931 #143: three lines of 99.99 at 25 % are 74.99, not 3 × 25.00.
    [['99.99', '99.99', '99.99'], '0.25', '74.99', '374.96'],
    // lago-api PR 4313: tax on the sum of the rounded lines, and the total is their sum.
    [['193.33'], '0.25', '48.33', '241.66'],
    // lago-api PR 2643
    [['68.33', '68.33', '57.50', '85.00'], '0.2', '55.83', '334.99'],
  ])('of %j at %s is %s', (amounts, rate, tax, total) => {
    const totals = documentTotals(
      amounts.map((amount) => line(amount, rate)),
      'EUR',
      'half-up',
    );
    expect(totals).toMatchObject({ tax, total });
  });

  it.each([
    ['105', 'truncate', '10'],
    ['105', 'half-up', '11'],
    ['104', 'half-up', '10'],
    ['-105', 'truncate', '-10'],
    ['-105', 'half-up', '-11'],
  ] as const)('of %s yen at 10 %% by %s is %s', (amount, rounding, tax) => {
    expect(documentTotals([line(amount, '0.10')], 'JPY', rounding).tax).toBe(tax);
  });

  it('is rounded for each rate, and the total is the sum of these', () => {
    // lago-api rounded the total tax from the unrounded sum, beside the rounded tax of each rate.
    const lines = [
      line('105', '0.08'),
      line('105', '0.10'),
      line('101', '0.080'),
      line('7', '0', 'reverse-charge'),
    ];
    expect(documentTotals(lines, 'JPY', 'truncate')).toEqual({
      taxes: [
        { treatment: 'standard', rate: '0.10', net: '105', tax: '10' },
        { treatment: 'standard', rate: '0.08', net: '206', tax: '16' },
        { treatment: 'reverse-charge', rate: '0', net: '7', tax: '0' },
      ],
      net: '318',
      tax: '26',
      total: '344',
    });
  });
});

describe('the tax of successive credits', () => {
  it('is the tax of all credits together less the tax credited before', () => {
    // lago-api PR 2643: four credit notes taxed one by one came to 335.00 of 334.99.
    let before = { net: '0', tax: '0' };
    const taxes = ['68.33', '57.50', '85.00', '68.33'].map((net) => {
      const tax = creditTax(before, { net, rate: '0.2' }, 'EUR', 'half-up');
      before = { net: sumOf(before.net, net), tax: sumOf(before.tax, tax) };
      return tax;
    });
    expect(taxes).toEqual(['13.67', '11.50', '17.00', '13.66']);
  });

  it('ends at exactly the tax of the document, in any number of steps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 99_999 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('0.10', '0.08', '0.2', '0.255'),
        fc.constantFrom('JPY', 'EUR', 'KWD'),
        fc.constantFrom<TaxRounding>('half-up', 'truncate'),
        (units, rate, currency, rounding) => {
          const digits = { JPY: 0, EUR: 2, KWD: 3 }[currency]!;
          const amounts = units.map((unit) => {
            const text = String(unit).padStart(digits + 1, '0');
            return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
          });
          const { tax } = documentTotals(
            amounts.map((amount) => line(amount, rate)),
            currency,
            rounding,
          );
          let before = { net: '0', tax: '0' };
          for (const net of amounts) {
            const step = creditTax(before, { net, rate }, currency, rounding);
            before = { net: sumOf(before.net, net), tax: sumOf(before.tax, step) };
          }
          expect(compareDecimals(before.tax, tax)).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});
