import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { centsOf, shareOf, usdOf } from './usd-cents.js';

describe('US cents', () => {
  it.each([
    ['0.00', 0n],
    ['0.05', 5n],
    ['-0.05', -5n],
    ['1234.50', 123_450n],
    ['-99999999999999999999.99', -9_999_999_999_999_999_999_999n],
  ])('%s', (usd, cents) => {
    expect(centsOf(usd)).toBe(cents);
    expect(usdOf(cents)).toEqual({ amount: usd, currency: 'USD' });
  });

  it.each(['1', '1.5', '1.005', '', '1e3', '1,000.00'])('refuse "%s"', (text) => {
    expect(() => centsOf(text)).toThrow(RangeError);
  });

  it('are the same after a round trip', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (cents) =>
        expect(centsOf(usdOf(cents).amount)).toBe(cents),
      ),
    );
  });
});

describe('a share has four digits, half-even', () => {
  it.each([
    [30_000_000n, 30_000_000n, '1.0000'],
    [15_000_000n, 30_000_000n, '0.5000'],
    [1n, 3n, '0.3333'],
    [2n, 3n, '0.6667'],
    [5n, 100_000n, '0.0000'],
    [15n, 100_000n, '0.0002'],
    [25n, 100_000n, '0.0002'],
    [251n, 1_000_000n, '0.0003'],
    [-15n, 100_000n, '-0.0002'],
    [-5n, 100_000n, '0.0000'],
    [0n, 7n, '0.0000'],
    [45_000_000n, 30_000_000n, '1.5000'],
    [0n, 0n, '1.0000'],
    [-1n, 0n, '1.0000'],
  ])('%d of %d', (part, whole, share) => {
    expect(shareOf(part, whole)).toBe(share);
  });
});
