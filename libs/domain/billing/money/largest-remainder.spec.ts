import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareDecimals, sumOf } from '../../shared/money.js';
import { splitByLargestRemainder } from './largest-remainder.js';

describe('a split by largest remainder', () => {
  it.each([
    ['100', ['1', '1', '1'], 'JPY', ['34', '33', '33']],
    ['0.02', ['1', '1', '1'], 'USD', ['0.01', '0.01', '0.00']],
    ['10.00', ['50', '30', '20'], 'USD', ['5.00', '3.00', '2.00']],
    ['1.00', ['1', '2'], 'USD', ['0.33', '0.67']],
    ['-1.00', ['1', '2'], 'USD', ['-0.33', '-0.67']],
    // A change on a credit note: 112.89 credited and 75.26 charged, 3.76 tax.
    ['3.76', ['112.89', '-75.26'], 'USD', ['11.28', '-7.52']],
    ['0.00', ['1', '2'], 'USD', ['0.00', '0.00']],
    ['1.00', ['0', '0'], 'USD', ['1.00', '0.00']],
    ['1.00', [], 'USD', []],
  ])('of %s by %j in %s is %j', (amount, weights, currency, parts) => {
    expect(splitByLargestRemainder(amount, weights, currency)).toEqual(parts);
  });

  it('adds up exactly, each part within a minor unit of its share', () => {
    fc.assert(
      fc.property(
        fc.nat(999_999),
        fc.array(fc.nat(9_999), { minLength: 1, maxLength: 8 }),
        (yen, weights) => {
          const parts = splitByLargestRemainder(String(yen), weights.map(String), 'JPY');
          expect(compareDecimals(sumOf(...parts), String(yen))).toBe(0);
          const sum = weights.reduce((a, b) => a + b, 0);
          weights.forEach((weight, index) => {
            if (sum > 0)
              expect(Math.abs(Number(parts[index]) * sum - yen * weight)).toBeLessThan(sum);
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});
