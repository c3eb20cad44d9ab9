import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import type { PriceRow } from './price-list.js';
import {
  chunkRows,
  digestOf,
  DuplicateRows,
  headerFaults,
  offerKey,
  optionalColumns,
  parsePriceRow,
  requiredColumns,
} from './price-list-row.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const record: Record<string, string> = {
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
const parsed = (changes: Record<string, string>) => parsePriceRow({ ...record, ...changes }, 1, 'JP');
const row = (changes: Record<string, string> = {}): PriceRow => {
  const result = parsed(changes);
  if (!result.ok) throw new Error(result.refusal);
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

  it('tells the product’s title only where the SKU has another', () => {
    for (const SkuTitle of ['', 'Microsoft 365 Business Basic']) {
      expect(row({ SkuTitle })).toMatchObject({ title: 'Microsoft 365 Business Basic' });
      expect(row({ SkuTitle })).not.toHaveProperty('productTitle');
    }
  });

  it.each<[Record<string, string>, Partial<PriceRow>]>([
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
    [{ SkuDescription: 'a description is not kept', Unheard: 'of' }, {}],
  ])('%# is read as it should be', (changes, expected) => {
    expect(row(changes)).toMatchObject(expected);
  });

  it.each(['publisher', 'erpPrice', 'tags', 'effectiveFrom'])('has no %s where its cell is empty', (field) => {
    const empty = row({ Publisher: '', 'ERP Price': '', Tags: '', EffectiveStartDate: '' });
    expect(field in empty).toBe(false);
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ ProductId: '' }, /^ProductId is empty$/],
    [{ SkuId: '' }, /^SkuId is empty$/],
    [{ ProductId: 'A:B' }, /name no offer/],
    [{ ProductId: 'A B' }, /name no offer/],
    [{ ProductId: 'P'.repeat(60) }, /name no offer/],
    [{ TermDuration: 'P5Y' }, /TermDuration "P5Y"/],
    [{ TermDuration: 'p1y' }, /TermDuration "p1y"/],
    [{ BillingPlan: '' }, /BillingPlan ""/],
    [{ BillingPlan: 'Weekly' }, /BillingPlan "Weekly"/],
    [{ TermDuration: '' }, /go together/],
    [{ BillingPlan: 'OneTime' }, /go together/],
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
    [{ Segment: 'Charity' }, /Segment "Charity"/],
    [{ Family: 'Partner-Owned' }, /Family "Partner-Owned"/],
    [{ PricingTierRangeMin: '300', PricingTierRangeMax: '299' }, /PricingTierRangeMax 299 is below PricingTierRangeMin 300/],
    [{ PricingTierRangeMin: '1.5' }, /PricingTierRangeMin "1.5"/],
    [{ MinQuantity: '0' }, /MinQuantity "0"/],
    [{ MinQuantity: '2', MaxQuantity: '1' }, /MaxQuantity 1 is below/],
    [{ EffectiveStartDate: '2026-02-30' }, /EffectiveStartDate "2026-02-30"/],
    [{ EffectiveStartDate: '11/1/2026' }, /EffectiveStartDate/],
    [{ EffectiveStartDate: '2026-11-02', EffectiveEndDate: '2026-11-01' }, /comes before/],
    [{ Publisher: longText }, /Publisher is longer/],
    [{ Tags: 'a\0b' }, /Tags is not well-formed/],
    [{ Tags: '\ud800' }, /Tags is not well-formed/],
  ])('%# is rejected with a reason', (changes, reason) => {
    expect(parsed(changes)).toEqual({ ok: false, refusal: expect.stringMatching(reason) });
  });

  it('tells every fault of a row', () => {
    expect(parsed({ ProductId: '', Market: 'FR', UnitPrice: '-1' })).toMatchObject({
      refusal: 'ProductId is empty; Market "FR" is not JP; UnitPrice "-1" is no price: a decimal, not negative',
    });
  });

  it('is never a defect, whatever the cells hold', () => {
    const cells = fc.dictionary(fc.constantFrom(...requiredColumns, ...optionalColumns), fc.string());
    fc.assert(
      fc.property(cells, (changes) => {
        const result = parsePriceRow({ ...record, ...changes }, 1, 'JP');
        if (result.ok) expect(Object.values(result.value)).not.toContain(undefined);
      }),
    );
  });
});

describe('the header', () => {
  it('has every column of Partner Center; Segment, Family and quantities may be left out', () => {
    expect(headerFaults(requiredColumns)).toEqual([]);
    expect(headerFaults([...requiredColumns, ...optionalColumns, 'ChangeIndicator', 'ChangeIndicator'])).toEqual([]);
  });

  it.each(requiredColumns.map((column) => [column]))('lacks %s', (missing) => {
    expect(headerFaults(requiredColumns.filter((column) => column !== missing))).toEqual([`column ${missing} is missing`]);
  });

  it('names a column twice', () => {
    expect(headerFaults([...requiredColumns, 'UnitPrice'])).toEqual(['column UnitPrice is given twice']);
  });
});

describe('duplicates', () => {
  const tier = (tierMin?: number, tierMax?: number): PriceRow => ({
    ...row(),
    ...(tierMin !== undefined && { tierMin }),
    ...(tierMax !== undefined && { tierMax }),
  });
  it.each<[string, PriceRow, PriceRow, boolean]>([
    ['the same row', row(), row(), true],
    ['another price', row(), row({ UnitPrice: '1' }), true],
    ['another date', row(), row({ EffectiveStartDate: '2026-11-01' }), true],
    ['another offer', row(), row({ SkuId: '2' }), false],
    ['another term', row(), row({ TermDuration: 'P3Y' }), false],
    ['another plan', row(), row({ BillingPlan: 'Annual' }), false],
    ['another currency', row(), row({ Currency: 'USD' }), false],
    ['another segment', row(), row({ Segment: 'Education' }), false],
    ['tiers side by side', tier(1, 299), tier(300), false],
    ['tiers that overlap by one', tier(1, 300), tier(300), true],
    ['a tier within another', tier(1, 300), tier(10, 20), true],
    ['a tier and none', tier(1, 300), tier(), true],
    ['open tiers', tier(undefined, 10), tier(11), false],
  ])('%s', (_what, one, other, duplicate) => {
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const rows = new DuplicateRows();
      expect(rows.add({ ...first, row: 7 })).toBeUndefined();
      const reason = rows.add(second);
      if (duplicate) expect(reason).toMatch(/as in row 7$/);
      else expect(reason).toBeUndefined();
    }
  });

  it('are known by the offer key', () => {
    expect(offerKey(row())).toBe('CFQ7TTC0LH18:0001|P1Y|monthly|JPY|commercial');
  });
});

describe('chunks and digest', () => {
  const many = (count: number, title = 'x'): PriceRow[] =>
    Array.from({ length: count }, (_, index) => ({ ...row(), row: index + 1, title }));

  it.each([
    ['plain', 'x'],
    ['Japanese', '関西'.repeat(100)],
    ['surrogates and accents', '👍é'.repeat(100)],
    ['quotes', '"\n'.repeat(200)],
  ])('hold every row once, in order, in 256 KiB each: %s', (_what, title) => {
    const rows = many(2_000, title);
    const chunks = chunkRows(rows);
    expect(chunks.flat()).toEqual(rows);
    expect(chunks.length).toBeGreaterThan(1);
    for (const [index, chunk] of chunks.entries()) {
      expect(Buffer.byteLength(JSON.stringify({ index, rows: chunk }))).toBeLessThanOrEqual(256 * 1024);
    }
  });

  it('fill the chunks', () => {
    const [first] = chunkRows(many(2_000));
    expect(Buffer.byteLength(JSON.stringify(first))).toBeGreaterThan(255 * 1024);
  });

  it('of no rows are none', () => {
    expect(chunkRows([])).toEqual([]);
  });

  it('is the digest of the canonical rows', () => {
    const rows = many(3, '関西 "x"');
    expect(digestOf(rows, sha256)).toBe(sha256(canonicalize(rows)!));
    const full = row({
      PricingTierRangeMin: '1',
      PricingTierRangeMax: '2',
      MinQuantity: '1',
      MaxQuantity: '2',
      EffectiveStartDate: '2026-11-01',
      EffectiveEndDate: '2026-11-30',
      Tags: 'Hero',
    });
    expect(digestOf([full], sha256)).toBe(sha256(canonicalize([full])!));
    expect(digestOf([full, full], sha256)).not.toBe(digestOf([full], sha256));
  });

  it('ten times the rows cost about ten times the work, not a hundred', () => {
    readAll(5_000);
    const cpuMs = [readAll(5_000), readAll(50_000)] as const;
    expect(cpuMs[1]).toBeLessThan(Math.max(cpuMs[0], 5) * 40);
  });
});

/** Reads, compares, cuts and digests so many rows; the processor time it took (ms), whatever else the machine does. */
function readAll(count: number): number {
  const before = process.cpuUsage();
  const duplicates = new DuplicateRows();
  const rows = Array.from({ length: count }, (_, index) => row({ ProductId: `P${index}`, Currency: 'USD', UnitPrice: '12.5' }));
  expect(rows.filter((candidate) => duplicates.add(candidate) !== undefined)).toEqual([]);
  chunkRows(rows);
  digestOf(rows, sha256);
  return process.cpuUsage(before).user / 1000;
}
