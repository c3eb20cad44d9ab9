import { describe, expect, it } from '@jest/globals';
import { requiredColumns } from '../../domain/catalog/price-list-row.js';
import { readPriceList } from './read-price-list.js';

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
  requiredColumns.map((column) => `"${({ ...cells, ...changes }[column] ?? '').replaceAll('"', '""')}"`).join(',');
const file = (...rows: readonly string[]): Uint8Array => Buffer.from([header, ...rows].join('\r\n'));

describe('reading a price list', () => {
  it('takes Partner Center’s columns, a byte-order mark and quoted commas', async () => {
    const read = await readPriceList(Buffer.concat([Buffer.from('\uFEFF'), file(row())]), 'JP');
    expect(read.rejected).toEqual([]);
    expect(read.chunks).toEqual([[expect.objectContaining({ row: 1, offerId: 'CFQ7TTC0LH18:0001', unitPrice: '4500' })]]);
  });

  it('publishes nothing when one row of many is rejected, and names it', async () => {
    const read = await readPriceList(file(row(), row({ SkuId: '2', Currency: 'XXX' }), row({ SkuId: '3' })), 'JP');
    expect(read).toMatchObject({ accepted: 2, rejectedCount: 1, chunks: [], rejected: [{ row: 2 }] });
  });

  it('gives the same content the same digest, however it was written', async () => {
    const quoted = await readPriceList(file(row()), 'JP');
    const plain = await readPriceList(Buffer.from(`${header}\n${row()}\n\n`), 'JP');
    expect(plain.digest).toBe(quoted.digest);
    expect((await readPriceList(file(row({ UnitPrice: '4501' })), 'JP')).digest).not.toBe(quoted.digest);
  });

  it.each([
    ['an empty file', Buffer.from(''), 0],
    ['a header alone', Buffer.from(header), 0],
    ['a missing column', Buffer.from(`${header.replace('Currency,', '')}\n`), 0],
    ['a row with too few cells', file('a,b'), 1],
    ['a quote that never closes', file('"never closed'), 1],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x41]), 0],
  ])('rejects %s', async (_what, csv, at) => {
    const read = await readPriceList(csv, 'JP');
    expect(read.rejectedCount).toBeGreaterThan(0);
    expect(read.rejected[0]?.row).toBe(at);
    expect(read.chunks).toEqual([]);
  });
});
