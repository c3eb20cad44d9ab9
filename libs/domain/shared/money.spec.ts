import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  add,
  compareDecimals,
  currencies,
  formatAmount,
  isCurrency,
  isDecimal,
  minorDigits,
  moneyFault,
  multiply,
  quotient,
  type Rounding,
  roundMoney,
  timesDecimal,
  totalOf,
  zero,
} from './money.js';

describe('a currency', () => {
  it.each([
    ['JPY', 0],
    ['KRW', 0],
    ['USD', 2],
    ['EUR', 2],
    ['TWD', 2],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
  ])('%s has %d minor digits', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
  });

  it.each(['XXX', 'XAU', 'DEM', 'usd', 'US', 'YEN', '', 'toString'])(
    '%s is not a currency',
    (code) => {
      expect(isCurrency(code)).toBe(false);
      expect(() => minorDigits(code)).toThrow(RangeError);
    },
  );

  it("has the platform's minor digits, or its minor unit is out of use", () => {
    const known = new Set(Intl.supportedValuesOf('currency'));
    const differing = currencies
      .filter((currency) => known.has(currency))
      .map((currency) => {
        const { maximumFractionDigits } = new Intl.NumberFormat('en', {
          style: 'currency',
          currency,
        }).resolvedOptions();
        return { currency, ours: minorDigits(currency), platform: maximumFractionDigits };
      })
      .filter(({ ours, platform }) => ours !== platform);
    // The platform uses CLDR, which omits minor units that are no longer used (HUF, IDR, …); ISO
    // 4217 has them.
    expect(differing.filter(({ platform }) => platform !== 0)).toEqual([]);
    expect(differing.every(({ ours, currency }) => ours === (currency === 'IQD' ? 3 : 2))).toBe(
      true,
    );
    expect(currencies.length).toBeGreaterThan(160);
  });
});

describe('rounding', () => {
  it.each([
    ['0.125', 'USD', 'half-even', '0.12'],
    ['0.135', 'USD', 'half-even', '0.14'],
    ['-0.125', 'USD', 'half-even', '-0.12'],
    ['0.129', 'USD', 'truncate', '0.12'],
    ['-0.129', 'USD', 'truncate', '-0.12'],
    ['1.5', 'JPY', 'half-even', '2'],
    ['2.5', 'JPY', 'half-even', '2'],
    ['2.9', 'JPY', 'truncate', '2'],
    ['1', 'KWD', 'half-even', '1.000'],
    ['-0.001', 'USD', 'half-even', '0.00'],
    ['999999999999999.99', 'USD', 'half-even', '999999999999999.99'],
  ] as const)('%s %s %s: %s', (amount, currency, rounding, expected) => {
    expect(roundMoney(amount, currency, rounding)).toEqual({ amount: expected, currency });
  });

  it('a price times a quantity is rounded once', () => {
    expect(multiply('0.005', 3, 'USD').amount).toBe('0.02'); // 0.015, not 3 × 0.00
    expect(multiply('8640', 10, 'JPY').amount).toBe('86400');
    expect(multiply('999999999999999.99', 1_000_000, 'USD').amount).toBe(
      '999999999999999990000.00',
    );
  });

  it('a quantity must be a whole number', () => {
    expect(() => multiply('1.00', 0.5, 'USD')).toThrow(RangeError);
  });
});

describe('exactness', () => {
  const cents = fc.bigInt({ min: 0n, max: 10n ** 15n });
  const written = (value: bigint): string =>
    `${value / 100n}.${String(value % 100n).padStart(2, '0')}`;

  it('a sum equals the sum of the cents, in any order', () => {
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1, maxLength: 20 }), (values) => {
        const [first, ...others] = values.map((value) => ({
          amount: written(value),
          currency: 'USD',
        }));
        const sum = add(first!, ...others);
        expect(sum.amount).toBe(written(values.reduce((total, value) => total + value, 0n)));
        expect(add(...([first!, ...others].reverse() as [typeof sum]))).toEqual(sum);
      }),
    );
  });

  it('a product equals the product of the cents', () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 1, max: 1_000_000 }), (value, quantity) => {
        expect(multiply(written(value), quantity, 'USD').amount).toBe(
          written(value * BigInt(quantity)),
        );
      }),
    );
  });

  it('formatting a formatted amount changes nothing', () => {
    fc.assert(
      fc.property(cents, (value) =>
        expect(formatAmount(formatAmount(written(value), 'USD'), 'USD')).toBe(written(value)),
      ),
    );
  });

  it('two currencies are never added', () => {
    expect(() => add(zero('USD'), zero('JPY'))).toThrow('cannot be added');
  });

  it.each([
    ['1.0', '1.00', 0],
    ['0.1', '0.09', 1],
    ['-1', '0', -1],
    ['999999999999999.98', '999999999999999.99', -1],
  ])('%s against %s: %d', (a, b, expected) => {
    expect(compareDecimals(a, b)).toBe(expected);
  });

  it('a product of decimals is not rounded', () => {
    expect(timesDecimal('0.1', '0.2')).toBe('0.02');
    expect(timesDecimal('1234567.89', '0.0067')).toBe('8271.604863');
  });
});

describe('an amount as it is stated', () => {
  it.each([
    ['12.50', 'USD', undefined],
    ['12.5', 'USD', undefined],
    ['12.505', 'USD', { field: 'amount', rule: 'format', expected: 'minor-digits' }],
    ['12.505', 'KWD', undefined],
    ['12.0', 'JPY', { field: 'amount', rule: 'format', expected: 'minor-digits' }],
    ['123456789012345', 'JPY', undefined],
    ['1234567890123456', 'JPY', { field: 'amount', rule: 'format', expected: 'decimal' }],
    ['1e3', 'USD', { field: 'amount', rule: 'format', expected: 'decimal' }],
    ['.5', 'USD', { field: 'amount', rule: 'format', expected: 'decimal' }],
    ['1.00', 'XYZ', { field: 'currency', rule: 'enum', expected: 'currency' }],
  ] as const)('%s %s: %j', (amount, currency, fault) => {
    expect(moneyFault({ amount, currency })).toEqual(fault);
  });

  it('is a decimal of plain digits', () => {
    expect(['1', '-1.5', '1.', '+1', '１', ' 1', 'NaN', 'Infinity'].map(isDecimal)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('the code that handles money', () => {
  const root = new URL('../../../', import.meta.url).pathname;
  const forbidden = [
    /\bparseFloat\s*\(/,
    /\bNumber\s*\([^)]*(amount|price|total|threshold|rate\b|usdPerUnit|creditLimit|tolerance)/i,
    /[^\w)\]]\+\s*\w*\.?(amount|unitPrice|erpPrice)\b/,
    /\b(amount|unitPrice|erpPrice)\b\s*[*/]\s*[\w.(]/,
  ];
  const sources = ['libs', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .map((file) => join(folder, file)),
  );
  const hits = (line: string): boolean => {
    const code = line.replace(/\/\/.*|^\s*\*.*|'[^']*'|`[^`]*`/g, '');
    return forbidden.some((pattern) => pattern.test(code));
  };

  it('is found when it calculates with floats', () => {
    const lines = [
      'const total = Number(line.amount) * 2;',
      'parseFloat(price)',
      'sum = sum + +line.unitPrice;',
      'x = row.unitPrice * quantity;',
    ];
    expect(lines.map(hits)).toEqual([true, true, true, true]);
    expect(hits('multiply(row.unitPrice, quantity, currency).amount')).toBe(false);
  });

  it('does not calculate with floats in the sources', () => {
    const found = sources.flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (hits(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
    expect(sources.length).toBeGreaterThan(20);
  });
});

describe('a total', () => {
  it.each([
    [['1.10', '2.20'], 'USD', '3.30'],
    [['0.5', '0.5'], 'JPY', '1'],
    [[], 'KWD', '0.000'],
    [['-1.00', '1.00'], 'USD', '0.00'],
  ])('of %j in %s is %s', (amounts, currency, total) => {
    expect(totalOf(amounts, currency)).toBe(total);
  });

  it('is never rounded', () => {
    expect(() => totalOf(['1.005'], 'USD')).toThrow(RangeError);
    expect(() => totalOf(['0.5'], 'JPY')).toThrow(RangeError);
  });
});

describe('a quotient', () => {
  it.each([
    ['2.5', '1', 'JPY', 'truncate', '2'],
    ['2.5', '1', 'JPY', 'half-even', '2'],
    ['2.5', '1', 'JPY', 'half-up', '3'],
    ['3.5', '1', 'JPY', 'half-even', '4'],
    ['-2.5', '1', 'JPY', 'truncate', '-2'],
    ['-2.5', '1', 'JPY', 'half-even', '-2'],
    ['-2.5', '1', 'JPY', 'half-up', '-3'],
    ['1', '200', 'USD', 'half-even', '0.00'],
    ['1.0000000000000000000001', '200', 'USD', 'half-even', '0.01'],
    ['-1', '1000', 'USD', 'truncate', '0.00'],
    ['2', '3', 'KWD', 'half-up', '0.667'],
    ['2', '3', 'KWD', 'truncate', '0.666'],
  ] as const)('%s ÷ %s in %s by %s is %s', (dividend, divisor, currency, rounding, expected) => {
    expect(quotient(dividend, divisor, currency, rounding)).toBe(expected);
  });

  it('equals the rule applied to the exact rational', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 18n), 10n ** 18n),
        fc.bigInt(1n, 100_000n),
        fc.constantFrom<Rounding>('truncate', 'half-even', 'half-up'),
        (cents, divisor, rounding) => {
          const dividend = `${cents < 0n ? '-' : ''}${String(cents < 0n ? -cents : cents)
            .padStart(3, '0')
            .replace(/(\d\d)$/, '.$1')}`;
          const rounded = BigInt(
            quotient(dividend, String(divisor), 'USD', rounding).replace('.', ''),
          );
          // twice the error, in units of 1 ÷ divisor of a cent
          const error = 2n * (cents - rounded * divisor);
          const size = error < 0n ? -error : error;
          if (rounding === 'truncate') {
            expect(size < 2n * divisor && error * cents >= 0n).toBe(true);
          } else {
            expect(size <= divisor).toBe(true);
            if (size === divisor && rounding === 'half-even') expect(rounded % 2n).toBe(0n);
            if (size === divisor && rounding === 'half-up') expect(error * cents < 0n).toBe(true);
          }
        },
      ),
      {
        numRuns: 300,
        examples: [
          [25n, 10n, 'half-even'],
          [-25n, 10n, 'half-up'],
          [35n, 10n, 'half-even'],
        ],
      },
    );
  });
});
