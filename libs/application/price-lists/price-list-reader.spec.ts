import { describe, expect, it } from '@jest/globals';
import { requiredColumns } from '../../domain/catalog/price-list-columns.js';
import { readPriceList as readList } from './price-list-reader.js';

const readPriceList = (csv: Uint8Array, market: string) =>
  readList(csv, { kind: 'price-list', market });

const cells: Record<string, string> = {
  ProductTitle: 'Microsoft 365',
  ProductId: 'CFQ7TTC0LH18',
  SkuId: '1',
  SkuTitle: 'Microsoft 365 E3, "unattended"',
  Publisher: 'Microsoft',
  TermDuration: 'P1Y',
  BillingPlan: 'Monthly',
  Market: 'JP',
  Currency: 'JPY',
  UnitPrice: '4500',
  'ERP Price': '5400',
};
const header = requiredColumns.join(',');
const row = (changes: Record<string, string> = {}): string =>
  requiredColumns
    .map((column) => `"${({ ...cells, ...changes }[column] ?? '').replaceAll('"', '""')}"`)
    .join(',');
const file = (...rows: readonly string[]): Uint8Array =>
  Buffer.from([header, ...rows].join('\r\n'));

describe('reading a price list', () => {
  it('reads Partner Center’s columns, a byte-order mark and quoted commas', async () => {
    const read = await readPriceList(Buffer.concat([Buffer.from('\uFEFF'), file(row())]), 'JP');
    expect(read.rejected).toEqual([]);
    expect(read.chunks).toEqual([
      [expect.objectContaining({ row: 1, offerId: 'CFQ7TTC0LH18:0001', unitPrice: '4500' })],
    ]);
  });

  it('has no chunks when one of many rows is rejected, and names the row', async () => {
    const read = await readPriceList(
      file(row(), row({ SkuId: '2', Currency: 'XXX' }), row({ SkuId: '3' })),
      'JP',
    );
    expect(read).toMatchObject({
      accepted: 2,
      rejectedCount: 1,
      chunks: [],
      rejected: [{ row: 2 }],
    });
  });

  it('has the same digest for the same content in another notation', async () => {
    const quoted = await readPriceList(file(row()), 'JP');
    const plain = await readPriceList(Buffer.from(`${header}\n${row()}\n\n`), 'JP');
    expect(plain.digest).toBe(quoted.digest);
    expect((await readPriceList(file(row({ UnitPrice: '4501' })), 'JP')).digest).not.toBe(
      quoted.digest,
    );
  });

  it('has the same digest for the same rows in any order', async () => {
    const rows = [row(), row({ SkuId: '2' }), row({ SkuId: '3' })];
    const { digest } = await readPriceList(file(...rows), 'JP');
    expect((await readPriceList(file(...rows.toReversed()), 'JP')).digest).toBe(digest);
    expect((await readPriceList(file(...rows.slice(1)), 'JP')).digest).not.toBe(digest);
  });

  it('counts trials and deleted rows, and lists the columns that it does not read', async () => {
    const csv = Buffer.from(
      [
        `${header},PreviousValues,ChangeIndicator,\u200BSEGMENT`,
        `${row()},,New,charity`,
        `${row({ SkuId: '3' })},,Deleted,`,
        `${row({ SkuId: '2', BillingPlan: 'None', UnitPrice: '0' })},,,`,
      ].join('\n'),
    );
    const read = await readPriceList(csv, 'JP');
    expect(read).toMatchObject({
      accepted: 1,
      skipped: 2,
      columnsNotRead: ['PreviousValues'],
      rejected: [],
    });
    expect(read.chunks).toEqual([[expect.objectContaining({ segment: 'nonprofit' })]]);
  });

  it('accepts the same offer several times with different dates', async () => {
    const read = await readPriceList(
      file(row(), row({ EffectiveStartDate: '11/15/2026 0:00', UnitPrice: '1' })),
      'JP',
    );
    expect(read).toMatchObject({ accepted: 2, rejected: [] });
    expect((await readPriceList(file(row(), row({ UnitPrice: '1' })), 'JP')).rejected).toEqual([
      { row: 2, reason: expect.stringContaining('as in row 1') },
    ]);
  });

  it.each([
    ['line feeds', '\n'],
    ['carriage returns', '\r'],
    ['both', '\r\n'],
  ])('reads lines that end with %s, and skips empty lines', async (_what, end) => {
    const read = await readPriceList(
      Buffer.from([header, '', row(), '', '', row({ SkuId: '2' }), '', ''].join(end)),
      'JP',
    );
    expect(read).toMatchObject({ accepted: 2, rejected: [] });
  });

  it('rejects a row with more or fewer cells than the header, and continues', async () => {
    const read = await readPriceList(file('a,b', row(), `${row({ SkuId: '2' })},Education`), 'JP');
    expect(read).toMatchObject({
      accepted: 1,
      rejectedCount: 2,
      rejected: [{ row: 1 }, { row: 3 }],
    });
  });

  it('stops reading after 10,000 rejected rows', async () => {
    const read = await readPriceList(Buffer.from(`${header}\n${'a\n'.repeat(20_000)}`), 'JP');
    expect(read.rejectedCount).toBe(10_001);
    expect(read.rejected).toHaveLength(1_001);
    expect(read.rejected.at(-1)).toEqual({
      row: 10_001,
      reason: '10000 rows are rejected; the rest was not read',
    });
  });

  const SIZE = 5 * 1024 * 1024;
  it.each([
    ['commas', ','.repeat(SIZE), 0],
    ['newlines', '\n'.repeat(SIZE), 0],
    ['quotation marks', '"'.repeat(SIZE), 0],
    ['spaces', ' '.repeat(SIZE), 0],
    ['commas after a header', `${header}\n${','.repeat(SIZE)}`, 1],
    ['newlines after a header', `${header}\n${'\n'.repeat(SIZE)}`, 0],
    ['empty rows', `${header}\n${`${','.repeat(17)}\n`.repeat(SIZE / 18)}`, 1],
    ['one open cell', `${header}\n"${'x'.repeat(SIZE)}`, 1],
  ])('rejects a large file of %s quickly', async (_what, text, at) => {
    const csv = Buffer.from(text);
    const before = process.cpuUsage();
    const read = await readPriceList(csv, 'JP');
    expect(read.rejectedCount).toBeGreaterThan(0);
    expect(read.rejected[0]?.row).toBe(at);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
  });

  it.each([
    ['an empty file', Buffer.from(''), 0],
    ['trials only', file(row({ BillingPlan: 'None', UnitPrice: '0' })), 0],
    ['a header alone', Buffer.from(header), 0],
    ['a missing column', Buffer.from(`${header.replace('Currency,', '')}\n`), 0],
    ['a row with too few cells', file('a,b'), 1],
    ['a quote that never closes', file('"never closed'), 1],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0x00, 0x41]), 0],
  ])('rejects %s', async (_what, csv, at) => {
    const read = await readPriceList(csv, 'JP');
    expect(read.rejectedCount).toBeGreaterThan(0);
    expect(read.rejected[0]?.row).toBe(at);
    expect(read.chunks).toEqual([]);
  });
});
