import { describe, expect, it } from '@jest/globals';
import { activate } from '../subscription/term-steps.js';
import { lockedRevision } from './price-lock.js';
import { relationCharges } from './relation-charges.js';
import { type Pricing, relationPrice } from './relation-price.js';

const row = { unitPrice: '10.05', erpPrice: '12.00', family: 'cloud', currency: 'USD' } as const;
const pricing = (basis: Pricing['basis'], adjustmentPercent: string): Pricing => ({
  basis,
  adjustmentPercent,
});

describe('the price of a relation', () => {
  it.each([
    ['erp-price', '0', '12.00'],
    ['erp-price', '-5', '11.40'],
    ['erp-price', '-100', '0.00'],
    ['unit-price', '10', '11.06'], // 11.055, half to even
    ['unit-price', '-10', '9.04'], // 9.045, half to even
    ['unit-price', '12.5', '11.31'], // 11.30625
  ] as const)('on the basis %s by %s percent is %s', (basis, percent, price) => {
    expect(relationPrice(row, pricing(basis, percent), undefined)).toBe(price);
  });

  it('is rounded to the minor unit of its currency', () => {
    expect(
      relationPrice(
        { ...row, unitPrice: '1005', currency: 'JPY' },
        pricing('unit-price', '10'),
        undefined,
      ),
    ).toBe('1106');
  });

  it('is the selling price where there is one', () => {
    expect(relationPrice(row, pricing('erp-price', '50'), '9.99')).toBe('9.99');
  });

  it('is unknown without an ERP price, and never the cost', () => {
    const { erpPrice: _none, ...withoutErpPrice } = row;
    expect(relationPrice(withoutErpPrice, pricing('erp-price', '0'), undefined)).toBeUndefined();
    expect(relationPrice(withoutErpPrice, pricing('unit-price', '0'), undefined)).toBe('10.05');
  });

  it("of a partner's own offer is its UnitPrice, without adjustment", () => {
    expect(
      relationPrice({ ...row, family: 'partner-owned' }, pricing('erp-price', '50'), '9.99'),
    ).toBe('10.05');
  });
});

describe('the price lock', () => {
  const revisions = ['2026-10-20', '2026-11-05', '2026-11-05', '2026-11-20'].map(
    (publishedOn, index) => ({ publishedOn, index }),
  );

  it.each([
    ['2026-11-04', 0],
    ['2026-11-05', 2],
    ['2026-11-19', 2],
    ['2026-11-20', 3],
    // None was published by then: the first one for that month.
    ['2026-10-19', 0],
  ])('of a term from %s is revision %d', (termStart, index) => {
    expect(lockedRevision(revisions, termStart)?.index).toBe(index);
  });

  it('is open while nothing is published for the month', () => {
    expect(lockedRevision([], '2026-11-01')).toBeUndefined();
  });
});

describe('the charges of both relations', () => {
  const { charges: bases } = activate({
    on: '2026-11-10',
    causedBy: 'a',
    term: 'P1Y',
    billingPlan: 'monthly',
    quantity: 5,
    windowDays: 7,
  });

  const both = ['customer', 'reseller'] as const;

  it('have separate prices and the same cost', () => {
    const prices = { currency: 'USD', cost: '96.00', customer: '120.00', reseller: '100.00' };
    const { charges } = relationCharges(bases, both, prices, 'truncate');
    expect(
      charges.map(({ relation, charge }) => [
        relation,
        charge.unitPrice,
        charge.amount,
        charge.cost,
      ]),
    ).toEqual([
      ['customer', '120.00', '50.00', '40.00'],
      ['reseller', '100.00', '41.66', '40.00'],
    ]);
  });

  it("are the customer's alone where no provider bills the reseller", () => {
    const prices = { currency: 'USD', cost: '96.00', customer: '120.00' };
    const { charges, priceMissing } = relationCharges(bases, ['customer'], prices, 'truncate');
    expect(charges.map(({ relation }) => relation)).toEqual(['customer']);
    expect(priceMissing).toEqual([]);
  });

  it.each([
    [{ cost: '96.00', reseller: '100.00' }, ['reseller'], ['customer']],
    [{ customer: '120.00', reseller: '100.00' }, [], ['customer', 'reseller']],
  ] as const)('are blocked where a price is missing: %j', (known, charged, blocked) => {
    const prices = { currency: 'USD', ...known };
    const { charges, priceMissing } = relationCharges(bases, both, prices, 'truncate');
    expect(charges.map(({ relation }) => relation)).toEqual(charged);
    expect(priceMissing).toEqual(blocked);
  });
});
