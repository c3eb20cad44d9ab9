import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PriceRow } from './price-list.js';
import { optionalColumns, type PriceListRecord, requiredColumns } from './price-list-columns.js';
import { parseRow, SKIPPED } from './price-list-row.js';

const record: PriceListRecord = {
  ProductTitle: 'Microsoft 365 Business Basic',
  ProductId: 'CFQ7TTC0LH18',
  SkuId: '1',
  SkuTitle: 'Microsoft 365 Business Basic (1 year)',
  Publisher: 'Microsoft Corporation',
  SkuDescription: 'Web and mobile apps',
  UnitOfMeasure: '1 License',
  TermDuration: 'P1Y',
  BillingPlan: 'Monthly',
  Market: 'JP',
  Currency: 'JPY',
  UnitPrice: '8640',
  PricingTierRangeMin: '',
  PricingTierRangeMax: '',
  EffectiveStartDate: '1753-01-01T00:00:00.0000000Z',
  EffectiveEndDate: '9999-12-31T00:00:00.0000000Z',
  Tags: '',
  'ERP Price': '10800',
};
const longText = 'x'.repeat(1_001);
const parsed = (changes: PriceListRecord) =>
  parseRow({ ...record, ...changes }, 1, { kind: 'price-list', market: 'JP' });
const row = (changes: PriceListRecord = {}): PriceRow => {
  const result = parsed(changes);
  if (!result.ok) throw new Error(result.refusal);
  if (result.value === SKIPPED || 'sellingPrice' in result.value) throw new Error('no price row');
  return result.value;
};

describe('a row of a price list', () => {
  it('is read from the columns of Partner Center', () => {
    expect(row()).toEqual({
      row: 1,
      offerId: 'CFQ7TTC0LH18:0001',
      title: 'Microsoft 365 Business Basic (1 year)',
      productTitle: 'Microsoft 365 Business Basic',
      publisher: 'Microsoft Corporation',
      unitOfMeasure: '1 License',
      term: 'P1Y',
      billingPlan: 'monthly',
      currency: 'JPY',
      unitPrice: '8640',
      erpPrice: '10800',
      segment: 'commercial',
      family: 'cloud',
    });
  });

  it('has the product’s title only if the SKU has another', () => {
    for (const SkuTitle of ['', 'Microsoft 365 Business Basic']) {
      expect(row({ SkuTitle })).toMatchObject({ title: 'Microsoft 365 Business Basic' });
      expect(row({ SkuTitle })).not.toHaveProperty('productTitle');
    }
  });

  it.each(['ProductTitle', 'Publisher', 'UnitOfMeasure', 'Tags'] as const)(
    'has no text of %s where its cell is blank or invisible',
    (column) => {
      const { [column]: _text, ...others } = record;
      for (const blank of [' ', '\u00A0\u3000', '\u200B', ' \u2060 '])
        expect(row({ [column]: blank })).toEqual(row({ ...others, [column]: '' }));
    },
  );

  it.each<[PriceListRecord, Partial<PriceRow>]>([
    [{ SkuId: '0001' }, { offerId: 'CFQ7TTC0LH18:0001' }],
    [{ SkuId: '00012' }, { offerId: 'CFQ7TTC0LH18:00012' }],
    [{ SkuId: 'J' }, { offerId: 'CFQ7TTC0LH18:000J' }],
    [{ SkuTitle: '' }, { title: 'Microsoft 365 Business Basic' }],
    [
      { TermDuration: '', BillingPlan: 'OneTime' },
      { term: 'none', billingPlan: 'one_time' },
    ],
    [
      { TermDuration: '', BillingPlan: 'One_Time' },
      { term: 'none', billingPlan: 'one_time' },
    ],
    [{ BillingPlan: 'ANNUAL' }, { billingPlan: 'annual' }],
    [
      { TermDuration: 'P3Y', BillingPlan: 'triennial' },
      { term: 'P3Y', billingPlan: 'triennial' },
    ],
    [{ Segment: 'EDUCATION' }, { segment: 'education' }],
    [
      { Segment: 'gcc', Family: 'Perpetual-Software' },
      { segment: 'gcc', family: 'perpetual-software' },
    ],
    [{ Currency: 'USD', UnitPrice: '12.5' }, { unitPrice: '12.50' }],
    [{ Currency: 'USD', UnitPrice: '0012.123400' }, { unitPrice: '12.1234' }],
    [{ Currency: 'KWD', UnitPrice: '1' }, { unitPrice: '1.000' }],
    [{ UnitPrice: '0' }, { unitPrice: '0' }],
    [{ UnitPrice: '999999999999999' }, { unitPrice: '999999999999999' }],
    [
      { PricingTierRangeMin: '1', PricingTierRangeMax: '300' },
      { tierMin: 1, tierMax: 300 },
    ],
    [{ PricingTierRangeMin: '0' }, { tierMin: 0 }],
    [
      { MinQuantity: '1', MaxQuantity: '1' },
      { minQuantity: 1, maxQuantity: 1 },
    ],
    [
      { EffectiveStartDate: '2026-11-01', EffectiveEndDate: '2026-11-01' },
      { effectiveFrom: '2026-11-01', effectiveTo: '2026-11-01' },
    ],
    [{ EffectiveStartDate: '2026-11-01T00:00:00Z' }, { effectiveFrom: '2026-11-01' }],
    [{ Tags: ' Hero ' }, { tags: 'Hero' }],
    [
      { EffectiveStartDate: '2/1/2023 0:00', EffectiveEndDate: '11/30/9999 23:59' },
      { effectiveFrom: '2023-02-01' },
    ],
    [{ EffectiveEndDate: '11/30/2026 23:59' }, { effectiveTo: '2026-11-30' }],
    [
      { EffectiveEndDate: '2026-11-30T00:00:00Z', EndofSaleDate: '12/31/2026 23:59' },
      { effectiveTo: '2026-11-30' },
    ],
    [
      { EffectiveStartDate: '2/1/2023 0:00', EndofSaleDate: '12/31/2022 23:59' },
      { effectiveFrom: '2023-02-01', effectiveTo: '2022-12-31' },
    ],
    [{ EffectiveStartDate: '11/30/9999 23:59' }, { effectiveFrom: '9999-11-30' }],
    [
      { EffectiveStartDate: '1/1/1753 0:00', EffectiveEndDate: '12/31/1753' },
      { effectiveTo: '1753-12-31' },
    ],
    ...(['OneTime', 'onetime', 'One Time', ''] as const).flatMap(
      (TermDuration): [PriceListRecord, Partial<PriceRow>][] => [
        [
          { TermDuration, BillingPlan: '' },
          { term: 'none', billingPlan: 'one_time' },
        ],
        [
          { TermDuration, BillingPlan: 'OneTime' },
          { term: 'none', billingPlan: 'one_time' },
        ],
      ],
    ),
    [
      { TermDuration: 'p1y', BillingPlan: 'OneTime' },
      { term: 'P1Y', billingPlan: 'one_time' },
    ],
    [
      { EffectiveStartDate: '2026/11/1 0:00', EffectiveEndDate: '2026/11/30' },
      { effectiveFrom: '2026-11-01', effectiveTo: '2026-11-30' },
    ],
    ...['', 'Add', 'New', 'Changed', 'CHG', 'Updated', 'Unchanged', 'UNC', 'No Change'].map(
      (ChangeIndicator): [PriceListRecord, Partial<PriceRow>] => [
        { ChangeIndicator },
        { offerId: 'CFQ7TTC0LH18:0001' },
      ],
    ),
    [{ Segment: 'Charity' }, { segment: 'nonprofit' }],
    [{ Segment: 'government' }, { segment: 'gcc' }],
    [{ Segment: 'ＥＤＵＣＡＴＩＯＮ' }, { segment: 'education' }],
    [{ Segment: '\u200BEdu\u00ADcation\u00A0' }, { segment: 'education' }],
    [{ Segment: '\u00A0\u3000' }, { segment: 'commercial' }],
    [
      { MinQuantity: '\u200B5', MaxQuantity: '１０' },
      { minQuantity: 5, maxQuantity: 10 },
    ],
    [{ Market: '\uFEFFJP', Currency: 'ＪＰＹ' }, { currency: 'JPY' }],
    [{ SkuTitle: 'ﾃｽﾄ\u200B 👩‍💻' }, { title: 'ﾃｽﾄ\u200B 👩‍💻' }],
    [{ SkuTitle: '\u200B' }, { title: 'Microsoft 365 Business Basic' }],
    [{ SkuDescription: 'a description is\nnot kept' }, {}],
  ])('%# is read as expected', (changes, expected) => {
    expect(row(changes)).toMatchObject(expected);
  });

  it.each(['publisher', 'erpPrice', 'tags', 'effectiveFrom'])(
    'has no %s where its cell is empty',
    (field) => {
      const empty = row({ Publisher: '', 'ERP Price': '', Tags: '', EffectiveStartDate: '' });
      expect(field in empty).toBe(false);
    },
  );

  it.each<[PriceListRecord, RegExp]>([
    [{ ProductId: '' }, /^ProductId is empty$/],
    [{ SkuId: '' }, /^SkuId is empty$/],
    [{ ProductId: 'A:B' }, /name no offer/],
    [{ ProductId: 'A B' }, /name no offer/],
    [{ ProductId: 'P'.repeat(60) }, /name no offer/],
    [{ TermDuration: 'P5Y' }, /TermDuration "P5Y"/],
    [{ BillingPlan: '' }, /BillingPlan ""/],
    [{ BillingPlan: 'Weekly' }, /BillingPlan "Weekly"/],
    [{ TermDuration: '' }, /do not go together/],
    [{ TermDuration: 'OneTime' }, /do not go together/],
    [{ ChangeIndicator: 'Frozen' }, /ChangeIndicator "Frozen" is none of/],
    [{ EffectiveStartDate: '2026/11-01' }, /EffectiveStartDate "2026\/11-01" is not a date/],
    [{ BillingPlan: 'None' }, /BillingPlan None is for trials/],
    [{ BillingPlan: 'None', UnitPrice: '0.01' }, /BillingPlan None is for trials/],
    [{ BillingPlan: 'None', UnitPrice: '' }, /BillingPlan None is for trials/],
    [{ BillingPlan: 'None', UnitPrice: '0', Market: 'US' }, /^Market "US" is not JP$/],
    [{ Market: 'FR' }, /Market "FR" is not JP/],
    [{ Market: '' }, /Market "" is not JP/],
    [{ Currency: 'YEN' }, /Currency "YEN"/],
    [{ Currency: 'jpy' }, /Currency "jpy"/],
    [{ UnitPrice: '' }, /^UnitPrice is empty$/],
    [{ UnitPrice: '-1' }, /UnitPrice "-1"/],
    [{ UnitPrice: '1,000' }, /UnitPrice "1,000"/],
    [{ UnitPrice: '1e3' }, /UnitPrice "1e3"/],
    [{ UnitPrice: '1000000000000000' }, /UnitPrice/],
    [{ 'ERP Price': 'free' }, /ERP Price "free"/],
    [{ Segment: 'Commercial;Education' }, /Segment "Commercial;Education"/],
    [{ Segment: 'Еducation' }, /Segment "Еducation"/], // the first letter is Cyrillic
    [{ Segment: '\u200B' }, /Segment has invisible characters only/],
    [{ MaxQuantity: '\u2060' }, /MaxQuantity has invisible characters only/],
    [{ MaxQuantity: '10²' }, /MaxQuantity "10²"/],
    [{ MaxQuantity: 'unlimited' }, /MaxQuantity "unlimited"/],
    [{ PricingTierRangeMax: '1e3' }, /PricingTierRangeMax "1e3"/],
    [{ Family: 'Partner-Owned' }, /Family "Partner-Owned"/],
    [
      { PricingTierRangeMin: '300', PricingTierRangeMax: '299' },
      /PricingTierRangeMax 299 is below PricingTierRangeMin 300/,
    ],
    [{ PricingTierRangeMin: '1.5' }, /PricingTierRangeMin "1.5"/],
    [{ MinQuantity: '0' }, /MinQuantity "0"/],
    [{ MinQuantity: '2', MaxQuantity: '1' }, /MaxQuantity 1 is below/],
    [{ EffectiveStartDate: '2026-02-30' }, /EffectiveStartDate "2026-02-30"/],
    [{ EffectiveStartDate: '13/1/2026' }, /EffectiveStartDate "13\/1\/2026" is not a date/],
    [{ EffectiveEndDate: 'never' }, /EffectiveEndDate "never" is not a date/],
    [{ EndofSaleDate: 'soon' }, /EndofSaleDate "soon" is not a date/],
    [{ EffectiveStartDate: '2026-11-02', EffectiveEndDate: '2026-11-01' }, /comes before/],
    [{ Publisher: longText }, /Publisher is longer/],
    [{ Tags: 'a\0b' }, /Tags has control characters/],
    [{ SkuTitle: 'a\u001b[31mb' }, /SkuTitle has control characters/],
    [{ SkuTitle: 'a\u0085b' }, /SkuTitle has control characters/],
    [{ ProductTitle: 'a\nb' }, /ProductTitle has control characters/],
    [{ Publisher: 'a\u2028b' }, /Publisher has control characters/],
    [{ SkuTitle: 'a\u202Eb' }, /SkuTitle has control characters/],
    [{ SkuTitle: '', ProductTitle: '\u200B' }, /SkuTitle and ProductTitle are empty/],
    [{ Tags: '\ud800' }, /Tags is not well-formed/],
  ])('%# is rejected with a reason', (changes, reason) => {
    expect(parsed(changes)).toEqual({ ok: false, refusal: expect.stringMatching(reason) });
  });

  it('names every fault of a row', () => {
    expect(parsed({ ProductId: '', Market: 'FR', UnitPrice: '-1' })).toMatchObject({
      refusal:
        'ProductId is empty; Market "FR" is not JP; UnitPrice "-1" is not a price (a decimal that is not negative)',
    });
  });

  it.each([
    ['0', 'None'],
    ['0.00', 'none'],
    ['0', '\u200BNONE'],
  ])(
    'is a trial at the price %s with the billing plan %s, with any other cells',
    (UnitPrice, BillingPlan) => {
      const trial = parsed({
        UnitPrice,
        BillingPlan,
        TermDuration: 'P7D',
        Currency: '',
        EffectiveEndDate: 'never',
      });
      expect(trial).toEqual({ ok: true, value: SKIPPED });
    },
  );

  it.each([
    'Deleted',
    'delete',
    'DEL',
    'Removed',
    'No longer available',
    '\u200BRemove',
    'Discontinued',
    '削除',
  ])('is skipped, so not sold, when its ChangeIndicator is %j', (ChangeIndicator) => {
    expect(parsed({ ChangeIndicator })).toEqual({ ok: true, value: SKIPPED });
  });

  it('is never a defect, with any cells', () => {
    const cells = fc.dictionary(
      fc.constantFrom(...requiredColumns, ...optionalColumns),
      fc.string(),
    );
    fc.assert(
      fc.property(cells, (changes) => {
        const result = parseRow({ ...record, ...changes }, 1, { kind: 'price-list', market: 'JP' });
        if (result.ok) expect(Object.values(result.value)).not.toContain(undefined);
      }),
    );
  });
});
