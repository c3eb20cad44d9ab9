import { describe, expect, it } from '@jest/globals';
import type { PriceListRecord } from './price-list-columns.js';
import { parseRow, SKIPPED } from './price-list-row.js';

const record: PriceListRecord = {
  SkuTitle: 'Support contract',
  ProductId: 'CFQ7TTC0LCHC',
  SkuId: '1',
  TermDuration: 'P1Y',
  BillingPlan: 'Monthly',
  Market: 'JP',
  Currency: 'JPY',
  UnitPrice: '8640',
};

describe('a tax category', () => {
  const listed = (changes: PriceListRecord) =>
    parseRow({ ...record, ...changes }, 1, { kind: 'price-list', market: 'JP' });

  it.each([
    ['', undefined],
    ['reduced', 'reduced'],
    [' Reduced ', 'reduced'],
    ['reduced-8', 'reduced-8'],
    ['a'.repeat(32), 'a'.repeat(32)],
  ])('%j is read as %j', (TaxCategory, category) => {
    expect(listed({ TaxCategory })).toMatchObject({
      ok: true,
      value: category === undefined ? {} : { taxCategory: category },
    });
    expect(JSON.stringify(listed({ TaxCategory })).includes('taxCategory')).toBe(
      category !== undefined,
    );
  });

  it.each(['8%', '-a', 'reduced rate', 'a'.repeat(33)])('%j is rejected', (TaxCategory) => {
    expect(listed({ TaxCategory })).toEqual({
      ok: false,
      refusal: expect.stringContaining('TaxCategory'),
    });
  });
});

describe('a row of partner-owned offers', () => {
  const owned = (changes: PriceListRecord) =>
    parseRow({ ...record, ...changes }, 1, { kind: 'partner-offers', markets: ['JP', 'US'] });

  it.each<[string, PriceListRecord, object]>([
    ['without a family', {}, { family: 'partner-owned', market: 'JP' }],
    ['with its family', { Family: 'Partner-Owned' }, { family: 'partner-owned' }],
    ['of another market', { Market: 'US' }, { market: 'US' }],
  ])('%s is in the family partner-owned', (_case, changes, read) => {
    expect(owned(changes)).toMatchObject({ ok: true, value: read });
  });

  it('without a market is sold in every market', () => {
    const result = owned({ Market: '' });
    expect(result.ok && result.value !== SKIPPED && 'market' in result.value).toBe(false);
  });

  it.each([
    [{ Family: 'cloud' }, 'Family "cloud" is none of partner-owned'],
    [{ Family: 'perpetual-software' }, 'Family'],
    [{ Market: 'XX' }, 'Market "XX" is not a market code'],
    [{ UnitPrice: '' }, 'UnitPrice is empty'],
  ])('%j is rejected', (changes, reason) => {
    expect(owned(changes)).toEqual({ ok: false, refusal: expect.stringContaining(reason) });
  });
});

describe('a row of selling prices', () => {
  const key: PriceListRecord = {
    ProductId: 'CFQ7TTC0LCHC',
    SkuId: '1',
    TermDuration: 'P1Y',
    BillingPlan: 'Monthly',
    Currency: 'JPY',
  };
  const selling = (changes: PriceListRecord) =>
    parseRow({ ...key, ...changes }, 3, { kind: 'selling-prices', market: 'JP' });
  const rowOf = (more: object) => ({
    ok: true,
    value: {
      row: 3,
      offerId: 'CFQ7TTC0LCHC:0001',
      term: 'P1Y',
      billingPlan: 'monthly',
      currency: 'JPY',
      segment: 'commercial',
      ...more,
    },
  });

  it.each<[string, PriceListRecord, object]>([
    ['SellingPrice', { SellingPrice: '0900' }, { sellingPrice: '900' }],
    ['UnitPrice, if there is no SellingPrice', { UnitPrice: '900' }, { sellingPrice: '900' }],
    [
      'SellingPrice, whatever UnitPrice is',
      { SellingPrice: '900', UnitPrice: 'free' },
      { sellingPrice: '900' },
    ],
    [
      'its tier, segment and dates, and nothing else',
      {
        SellingPrice: '900',
        SkuTitle: 'E3',
        Market: 'JP',
        MaxQuantity: '5',
        PricingTierRangeMin: '10',
        Segment: 'Charity',
        EffectiveStartDate: '2026-11-01',
      },
      { sellingPrice: '900', tierMin: 10, segment: 'nonprofit', effectiveFrom: '2026-11-01' },
    ],
  ])('has %s', (_case, changes, more) => {
    expect(selling(changes)).toEqual(rowOf(more));
  });

  it.each([
    [{ SellingPrice: '', UnitPrice: '900' }, 'SellingPrice is empty'],
    [{ SellingPrice: '-1' }, 'SellingPrice "-1" is not a price'],
    [{ SellingPrice: '1', Market: 'US' }, 'Market "US" is not JP'],
    [{ SellingPrice: '1', Market: '' }, 'Market "" is not JP'],
    [{ SellingPrice: '1', Family: 'partner-owned' }, 'Family "partner-owned" is none of cloud'],
    [{ SellingPrice: '1', BillingPlan: 'None' }, 'BillingPlan None is for trials'],
  ])('%j is rejected', (changes, reason) => {
    expect(selling(changes)).toEqual({ ok: false, refusal: expect.stringContaining(reason) });
  });

  it('of a trial is skipped', () => {
    expect(selling({ SellingPrice: '0', BillingPlan: 'None' })).toEqual({
      ok: true,
      value: SKIPPED,
    });
  });
});
