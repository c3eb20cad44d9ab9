import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import type { PriceRow } from './price-list.js';
import { requiredColumns } from './price-list-columns.js';
import { parseRow } from './price-list-row.js';
import { chunkRows, digestOfPriceRows, duplicateRows, offerKey } from './price-list-rows.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const row = (changes: Partial<PriceRow> = {}): PriceRow => ({
  row: 1,
  offerId: 'CFQ7TTC0LH18:0001',
  title: 'Microsoft 365 Business Basic',
  term: 'P1Y',
  billingPlan: 'monthly',
  currency: 'JPY',
  unitPrice: '8640',
  segment: 'commercial',
  family: 'cloud',
  ...changes,
});

describe('duplicates', () => {
  it.each<[string, Partial<PriceRow>, Partial<PriceRow>, boolean]>([
    ['the same row', {}, {}, true],
    ['another price', {}, { unitPrice: '1' }, true],
    ['other limits', {}, { maxQuantity: 5 }, true],
    [
      'the same dates',
      { effectiveFrom: '2026-11-01' },
      { effectiveFrom: '2026-11-01', unitPrice: '1' },
      true,
    ],
    ['another start', {}, { effectiveFrom: '2026-11-01' }, false],
    ['another end', { effectiveTo: '2026-11-30' }, { effectiveTo: '2026-11-29' }, false],
    ['another offer', {}, { offerId: 'CFQ7TTC0LH18:0002' }, false],
    ['another term', {}, { term: 'P3Y' }, false],
    ['another plan', {}, { billingPlan: 'annual' }, false],
    ['another currency', {}, { currency: 'USD' }, false],
    ['another segment', {}, { segment: 'education' }, false],
    ['tiers side by side', { tierMin: 1, tierMax: 299 }, { tierMin: 300 }, false],
    ['tiers that overlap by one', { tierMin: 1, tierMax: 300 }, { tierMin: 300 }, true],
    ['a tier within another', { tierMin: 1, tierMax: 300 }, { tierMin: 10, tierMax: 20 }, true],
    ['a tier and none', { tierMin: 1, tierMax: 300 }, {}, true],
    ['open tiers', { tierMax: 10 }, { tierMin: 11 }, false],
  ])('%s', (_what, one, other, isDuplicate) => {
    for (const rows of [
      [row({ ...one, row: 3 }), row({ ...other, row: 7 })],
      [row({ ...other, row: 3 }), row({ ...one, row: 7 })],
    ]) {
      const duplicates = duplicateRows(rows);
      expect(duplicates).toEqual(
        isDuplicate ? [{ row: 7, reason: expect.stringMatching(/as in row 3$/) }] : [],
      );
    }
  });

  it('are each reported once, in the order of the file', () => {
    const rows = [
      row({ row: 1, tierMin: 5, tierMax: 6 }),
      row({ row: 2, tierMin: 1, tierMax: 9 }),
      row({ row: 3, tierMin: 8 }),
      row({ row: 4, tierMin: 10 }),
    ];
    expect(duplicateRows(rows).map((duplicate) => duplicate.row)).toEqual([2, 3, 4]);
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
  ])('have every row once, in order, in 256 KiB each: %s', (_what, title) => {
    const rows = many(2_000, title);
    const chunks = chunkRows(rows);
    expect(chunks.flat()).toEqual(rows);
    expect(chunks.length).toBeGreaterThan(1);
    for (const [index, chunk] of chunks.entries()) {
      expect(Buffer.byteLength(JSON.stringify({ index, rows: chunk }))).toBeLessThanOrEqual(
        256 * 1024,
      );
    }
  });

  it('fill the chunks', () => {
    const [first] = chunkRows(many(2_000));
    expect(Buffer.byteLength(JSON.stringify(first))).toBeGreaterThan(255 * 1024);
  });

  it('of no rows are none', () => {
    expect(chunkRows([])).toEqual([]);
  });

  it('is the digest of the canonical rows in any order', () => {
    const full = row({
      productTitle: '関西 "x"',
      publisher: 'Microsoft',
      unitOfMeasure: '1 License',
      erpPrice: '10800',
      tierMin: 1,
      tierMax: 2,
      minQuantity: 1,
      maxQuantity: 2,
      effectiveFrom: '2026-11-01',
      effectiveTo: '2026-11-30',
      tags: 'Hero',
    });
    const { row: _place, ...content } = full;
    expect(digestOfPriceRows([full], sha256)).toBe(sha256(canonicalize([content])!));
    const other = row({ row: 2, unitPrice: '1' });
    expect(digestOfPriceRows([full, other], sha256)).toBe(
      digestOfPriceRows(
        [
          { ...other, row: 1 },
          { ...full, row: 2 },
        ],
        sha256,
      ),
    );
    expect(digestOfPriceRows([full, full], sha256)).not.toBe(digestOfPriceRows([full], sha256));
    expect(digestOfPriceRows([{ ...full, tags: 'Trial' }], sha256)).not.toBe(
      digestOfPriceRows([full], sha256),
    );
  });

  it.each([
    ['of as many offers', (index: number) => ({ offerId: `P${index}:0001` })],
    ['of one offer in as many tiers', (index: number) => ({ tierMin: index, tierMax: index })],
  ])(
    'ten times the rows %s cost less than 30 times the work (quadratic: 100)',
    (_which, changes) => {
      const few = fastest(() => handled(2_000, changes));
      expect(fastest(() => handled(20_000, changes))).toBeLessThan(30 * few);
    },
  );

  it('ten times the records cost less than 30 times the work (quadratic: 100)', () => {
    const few = fastest(() => parsed(2_000));
    expect(fastest(() => parsed(20_000))).toBeLessThan(30 * few);
  });
});

/** The fastest of three runs after a warm-up: load on the machine only makes a run slower. */
function fastest(run: () => number): number {
  run();
  return Math.min(run(), run(), run());
}

/** Processor time in ms, of user and system: the split between them is too coarse. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The processor time of comparing, splitting and digesting this many rows. */
function handled(count: number, changes: (index: number) => Partial<PriceRow>): number {
  const rows = Array.from({ length: count }, (_, index) =>
    row({ row: index + 1, ...changes(index) }),
  );
  return cpuMs(() => {
    expect(duplicateRows(rows)).toEqual([]);
    chunkRows(rows);
    digestOfPriceRows(rows, sha256);
  });
}

/** The processor time of parsing this many records. */
function parsed(count: number): number {
  const record = {
    ...Object.fromEntries(requiredColumns.map((column) => [column, ''])),
    ProductTitle: 'T',
    ProductId: 'P',
    SkuId: '1',
    Market: 'JP',
    Currency: 'USD',
    UnitPrice: '12.5',
  };
  let accepted = 0;
  const ms = cpuMs(() => {
    for (let index = 1; index <= count; index += 1)
      if (parseRow(record, index, { kind: 'price-list', market: 'JP' }).ok) accepted += 1;
  });
  expect(accepted).toBe(count);
  return ms;
}
