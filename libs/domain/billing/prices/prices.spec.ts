import { describe, expect, it } from '@jest/globals';
import { activate } from '../subscription/term-steps.js';
import { lockedPrice, revisionsForTerm } from './price-lock.js';
import { relationCharges } from './relation-charges.js';
import type { PriceRow } from '../../catalog/price-list.js';
import { type Pricing, relationPrice } from './relation-price.js';
import { pricesConcernedBy } from './term-prices.js';

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
  const revisions = [3, 10, 11, 20].map((position) => ({ position }));

  it.each([
    [2, [3, 10, 11, 20]], // none was published by then: the first one for that month
    [3, [3, 10, 11, 20]],
    [9, [3, 10, 11, 20]],
    [10, [10, 11, 20]],
    [11, [11, 20]],
    [19, [11, 20]],
    [20, [20]],
    [21, [20]],
  ])('of a term that begins at %d looks at the revisions %j, in this order', (beganAt, asked) => {
    expect(revisionsForTerm(revisions, beganAt).map(({ position }) => position)).toEqual(asked);
  });

  it('is open while nothing is published for the month', () => {
    expect(revisionsForTerm([], 1)).toEqual([]);
  });

  const entity = (position: number, basis: Pricing['basis'] = 'unit-price') => ({
    position,
    value: { pricing: pricing(basis, '10') },
  });
  const listed = (position: number, changes: Partial<PriceRow> = {}) => ({
    position,
    value: { ...row, ...changes } as PriceRow,
  });
  const selling = (position: number) => ({ position, value: '9.99' });

  it.each([
    ['a selling price by the first day', 5, entity(1), selling(5), listed(2), '9.99'],
    ['a selling price one event later', 5, entity(1), selling(6), listed(2), '11.06'],
    ['no selling price', 5, entity(1), undefined, listed(2), '11.06'],
    ['a selling price before a late price list', 5, entity(1), selling(8), listed(9), '9.99'],
    ['a selling price after a late price list', 5, entity(1), selling(9), listed(8), '11.06'],
    ['a selling price before a late entity', 5, entity(9), selling(8), listed(2), '9.99'],
    ['a selling price after a late entity', 5, entity(8), selling(9), listed(2), '11.06'],
    ['a selling price without a price list', 5, entity(1), selling(9), undefined, '9.99'],
    ['neither list', 5, entity(1), undefined, undefined, undefined],
  ] as const)('with %s', (_case, beganAt, issuer, sellingPrice, inList, price) => {
    expect(lockedPrice({ entity: issuer, sellingPrice, row: inList }, beganAt)).toBe(price);
  });

  it('waits for a selling price if the row has no ERP price to adjust', () => {
    const { erpPrice: _none, ...withoutErpPrice } = row;
    const lock = {
      entity: entity(1, 'erp-price'),
      row: { position: 2, value: withoutErpPrice as PriceRow },
    };
    expect(lockedPrice(lock, 5)).toBeUndefined();
    expect(lockedPrice({ ...lock, sellingPrice: selling(9) }, 5)).toBe('9.99');
  });
});

describe('an event that publishes prices', () => {
  it.each([
    [
      'PriceListPublished',
      { market: 'JP', month: '2026-11', rows: 1 },
      { market: 'JP', month: '2026-11' },
    ],
    [
      'SellingPricesPublished',
      { partnerId: 'reseller', market: 'JP', month: '2026-11' },
      { partnerId: 'reseller', market: 'JP', month: '2026-11' },
    ],
    [
      'PartnerOffersPublished',
      { partnerId: 'reseller', month: '2026-11' },
      { partnerId: 'reseller', month: '2026-11' },
    ],
    [
      'BillingEntityRegistered',
      { partnerId: 'reseller', entityId: 'e' },
      { partnerId: 'reseller' },
    ],
    ['BillingEntityChanged', { legalName: 'x' }, undefined],
    ['OrderPlaced', { partnerId: 'reseller' }, undefined],
  ])('%s concerns the terms of its market, month and partner', (type, data, concerned) => {
    expect(pricesConcernedBy({ type, data })).toEqual(concerned);
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
  const priced = { currency: 'USD', family: 'cloud' } as const;

  it('have separate prices and the same cost', () => {
    const prices = { ...priced, cost: '96.00', customer: '120.00', reseller: '100.00' };
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
    const prices = { ...priced, cost: '96.00', customer: '120.00' };
    const { charges, priceMissing } = relationCharges(bases, ['customer'], prices, 'truncate');
    expect(charges.map(({ relation }) => relation)).toEqual(['customer']);
    expect(priceMissing).toEqual([]);
  });

  it.each([
    [{ cost: '96.00', reseller: '100.00' }, ['reseller'], ['customer']],
    [{ customer: '120.00', reseller: '100.00' }, [], ['customer', 'reseller']],
  ] as const)('are blocked where a price is missing: %j', (known, charged, blocked) => {
    const prices = { ...priced, ...known };
    const { charges, priceMissing } = relationCharges(bases, both, prices, 'truncate');
    expect(charges.map(({ relation }) => relation)).toEqual(charged);
    expect(priceMissing).toEqual(blocked);
  });

  it("need no cost for a partner's own offer", () => {
    const prices = { currency: 'USD', family: 'partner-owned', customer: '120.00' } as const;
    const { charges, priceMissing } = relationCharges(bases, ['customer'], prices, 'truncate');
    expect(priceMissing).toEqual([]);
    expect(charges.map(({ charge }) => [charge.amount, 'cost' in charge])).toEqual([
      ['50.00', false],
    ]);
  });
});
