import { describe, expect, it } from '@jest/globals';
import { creditExposure, type CreditPosition } from './credit-exposure.js';

const position = (changes: Partial<CreditPosition> = {}): CreditPosition => ({
  currency: 'JPY',
  open: '1000',
  creditBalance: '100',
  unbilled: ['55', '50'].map((amount) => ({
    amount,
    tax: { treatment: 'standard', category: 'standard', rate: '0.10' },
  })),
  ...changes,
});
const rates: Readonly<Record<string, string>> = { USD: '1', JPY: '0.0065', EUR: '1.08' };
const usdRateOf = (currency: string): string | undefined => rates[currency];
const exposure = (positions: readonly CreditPosition[], amount: string, currency = 'JPY') =>
  creditExposure(positions, { amount, currency }, usdRateOf, 'truncate');

describe('the exposure to a customer', () => {
  it.each([
    ['1014', false],
    // 1000 − 100 + 105 + 10: the tax of both charges is rounded once.
    ['1015', true],
    ['1016', true],
  ])('of 1015 is within a limit of %s: %s', (limit, isWithinLimit) => {
    expect(exposure([position()], limit)).toEqual({
      ok: true,
      value: { exposure: '1015', isWithinLimit },
    });
  });

  it('counts other currencies at their rate', () => {
    const both = [
      position(),
      position({ currency: 'EUR', open: '10.00', creditBalance: '0.00', unbilled: [] }),
    ];
    // 1015 yen are 6.5975 dollars, 10 euro are 10.80.
    expect(exposure(both, '17.40', 'USD')).toEqual({
      ok: true,
      value: { exposure: '17.40', isWithinLimit: true },
    });
    expect(exposure(both, '17.39', 'USD')).toMatchObject({ value: { isWithinLimit: false } });
  });

  it.each([
    [[position({ currency: 'CHF' })], 'JPY', 'CHF'],
    [[position()], 'CHF', 'CHF'],
  ])('needs the rates of both currencies', (positions, limitCurrency, currency) => {
    expect(exposure(positions, '9999', limitCurrency)).toEqual({
      ok: false,
      refusal: { code: 'exchange-rate-missing', currency },
    });
  });

  it('needs no rate of a currency in which nothing is owed', () => {
    const nothing = position({
      currency: 'CHF',
      open: '5.00',
      creditBalance: '5.00',
      unbilled: [],
    });
    expect(exposure([nothing], '0')).toEqual({
      ok: true,
      value: { exposure: '0', isWithinLimit: true },
    });
  });

  it('is below zero when the credit balance exceeds the debts', () => {
    expect(exposure([position({ open: '0', unbilled: [] })], '0')).toMatchObject({
      value: { exposure: '-100', isWithinLimit: true },
    });
  });
});
