import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RevenueRow } from '../../../domain/qualification/revenue.js';
import { partnerId, type PartnerId } from '../../../domain/shared/ids.js';
import { canonicalJson } from '../../../event-log/canonical.js';
import { digestOfBytes } from '../../engine/commands/request-fingerprints.js';
import { RECORD_BYTES_AT_MOST } from '../../uploads/file-record.js';
import {
  readRevenueFile,
  type ReadRevenueFile,
  type RevenueFileForm,
} from './revenue-file-reader.js';
import { RevenueSpool } from './revenue-spool.js';

const fields = {
  partnerId: 'p1',
  tenantId: '3f2c1d5e-0000-4000-8000-00000000000A',
  amount: '1250.5',
  currency: 'USD',
  recognizedOn: '2026-11-20',
  family: 'cloud',
  soldAs: 'indirect-reseller',
  source: 'Partner Center, 本社',
  reference: 'A-1',
};
type Cells = Partial<Record<keyof typeof fields, string>>;

const header = Object.keys(fields).join(',');
const csvRow = (more: Cells = {}): string =>
  Object.values({ ...fields, ...more })
    .map((cell) => `"${cell.replaceAll('"', '""')}"`)
    .join(',');
const csv = (...rows: readonly string[]): string => [header, ...rows].join('\r\n');
const ndjsonRow = (more: Cells = {}): string => {
  const { amount, currency, ...row } = { ...fields, ...more };
  return JSON.stringify({ ...row, amount: { amount, currency } });
};

const facts = {
  exchangeRates: new Map([
    [
      '2026-11',
      {
        usdPerUnit: { JPY: '0.0067' },
        proof: { eventId: 'x' as never, stream: 'program' as never, revision: 1 },
      },
    ],
  ]),
  latestToday: '2026-11-23',
};
let asked: PartnerId[] = [];
const registered = async (ids: readonly PartnerId[]): Promise<readonly PartnerId[]> => {
  asked.push(...ids);
  return ids.filter((id) => id !== 'nobody');
};

let folder: string;
let spool: RevenueSpool;
beforeEach(async () => {
  asked = [];
  folder = mkdtempSync(join(tmpdir(), 'sekisho-spool-'));
  spool = await RevenueSpool.open(folder);
});
afterEach(async () => {
  await spool.close();
  rmSync(folder, { recursive: true });
});

async function* pieces(
  file: string | Uint8Array,
  sizes: readonly number[] = [7],
): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(file as string);
  for (let from = 0, turn = 0; from < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    yield bytes.subarray(from, from + size);
    from += size;
  }
}
const read = (
  file: string | Uint8Array,
  form: RevenueFileForm,
  more: object = {},
  sizes?: readonly number[],
): Promise<ReadRevenueFile> =>
  readRevenueFile(pieces(file, sizes), form, { ...facts, ...more }, registered, spool.descriptor);

async function spooled({ chunkLengths }: ReadRevenueFile): Promise<readonly RevenueRow[]> {
  const rows: RevenueRow[] = [];
  for await (const chunk of spool.chunks(chunkLengths)) rows.push(...chunk.rows);
  return rows;
}

describe('a file of revenue', () => {
  it.each<[RevenueFileForm, string]>([
    ['csv', csv(csvRow(), csvRow({ amount: '-3', currency: 'JPY', reference: 'A-2' }))],
    [
      'csv',
      `\uFEFF${csv(csvRow(), '', csvRow({ amount: '-3', currency: 'JPY', reference: 'A-2' }), '')}`,
    ],
    ['ndjson', `${ndjsonRow()}\n${ndjsonRow({ amount: '-3', currency: 'JPY', reference: 'A-2' })}`],
    [
      'ndjson',
      `\uFEFF${ndjsonRow()}\r\n\r\n${ndjsonRow({ amount: '-3', currency: 'JPY', reference: 'A-2' })}\r\n`,
    ],
  ])('is spooled row by row in the form of the append, from %s', async (form, file) => {
    const found = await read(file, form);
    expect(found).toMatchObject({
      accepted: 2,
      rejected: [],
      rejectedCount: 0,
      isOutsideScope: false,
    });
    expect(found.bytesDigest).toBe(digestOfBytes(Buffer.from(file)));
    expect(await spooled(found)).toEqual([
      expect.objectContaining({
        row: 1,
        amount: { amount: '1250.50', currency: 'USD' },
        usdPerUnit: '1',
        tenantId: fields.tenantId.toLowerCase(),
      }),
      expect.objectContaining({
        row: 2,
        amount: { amount: '-3', currency: 'JPY' },
        usdAmount: { amount: '-0.02', currency: 'USD' },
      }),
    ]);
    expect(asked).toEqual(['p1']);
  });

  it('has the same digest for the same content in another notation, and rows in canonical form', async () => {
    const one = await read(csv(csvRow(), csvRow({ reference: 'A-2' })), 'csv');
    const rows = await spooled(one);
    expect(rows.map((row) => JSON.stringify(row))).toEqual(rows.map((row) => canonicalJson(row)));
    await spool.close();
    spool = await RevenueSpool.open(folder);
    const other = await read(
      `${ndjsonRow({ amount: '1250.50' })}\n${ndjsonRow({ reference: 'A-2' })}\n`,
      'ndjson',
      {},
      [50_000],
    );
    expect([other.digest, other.bytesDigest === one.bytesDigest]).toEqual([one.digest, false]);
    expect(digestOfBytes(Buffer.from(canonicalJson(rows)))).toBe(one.digest);
  });

  it.each<[string, Cells, string]>([
    ['an unknown partner', { partnerId: 'nobody' }, 'partner-unknown'],
    ['an invalid id', { partnerId: 'a b' }, 'partnerId "a b"'],
    ['a tenant that is not a GUID', { tenantId: '1' }, 'tenantId "1" is not a GUID'],
    ['no amount', { amount: '' }, 'amount is missing'],
    ['a number in words', { amount: 'ten' }, 'amount "ten"'],
    [
      'more digits than the currency has',
      { amount: '0.5', currency: 'JPY' },
      'more digits after the point than JPY has',
    ],
    ['an unknown currency', { currency: 'XXX' }, 'currency "XXX" is not an ISO 4217 code'],
    [
      'a month without a rate',
      { amount: '1', currency: 'JPY', recognizedOn: '2026-10-31' },
      'exchange-rate-missing: no exchange rate of JPY is published for 2026-10',
    ],
    [
      'a day that does not exist',
      { recognizedOn: '2026-02-30' },
      'recognizedOn: there is no such date as 2026-02-30',
    ],
    [
      'a day that is in the future everywhere',
      { recognizedOn: '2026-11-24' },
      'recognizedOn 2026-11-24 is after 2026-11-23, the last date that is accepted today',
    ],
    ['an unknown family', { family: 'Cloud' }, 'family "Cloud" is none of'],
    ['an unknown model', { soldAs: 'reseller' }, 'soldAs "reseller" is none of'],
    ['a blank source', { source: '  ' }, 'source is blank'],
    [
      'a reference that is too long',
      { reference: 'x'.repeat(257) },
      'reference is longer than 256 characters',
    ],
  ])('rejects a row with %s in both formats', async (_what, cells, reason) => {
    for (const [form, file] of [
      ['csv', csv(csvRow(), csvRow(cells), csvRow())],
      ['ndjson', [ndjsonRow(), ndjsonRow(cells), ndjsonRow()].join('\n')],
    ] as const) {
      const { accepted, rejected, rejectedCount } = await read(file, form);
      expect({ accepted, rejectedCount, rejected }).toEqual({
        accepted: 2,
        rejectedCount: 1,
        rejected: [{ row: 2, reason: expect.stringContaining(reason) }],
      });
    }
  });

  it('accepts the latest date on earth', async () => {
    expect((await read(csv(csvRow({ recognizedOn: '2026-11-23' })), 'csv')).rejected).toEqual([]);
  });

  it.each<[string, RevenueFileForm, string | Uint8Array, number, string]>([
    ['nothing', 'ndjson', '\n', 0, 'no rows'],
    ['only a header', 'csv', header, 0, 'no rows'],
    [
      'a column missing',
      'csv',
      csv(csvRow()).replace('currency,', 'curr,'),
      0,
      'column currency is missing',
    ],
    ['a column twice', 'csv', `${header},source\n`, 0, 'column source occurs twice'],
    ['an unknown column', 'csv', `${header},note\n`, 0, 'column "note" is unknown'],
    [
      'a cell too many',
      'csv',
      csv(csvRow(), `${csvRow()},x`),
      2,
      'the row has 10 cells, the header 9',
    ],
    ['a quote that never closes', 'csv', csv(csvRow(), '"never closed'), 2, 'not CSV from here on'],
    [
      'a record without an end',
      'csv',
      csv(csvRow(), `"${'x'.repeat(RECORD_BYTES_AT_MOST)}`, csvRow()),
      2,
      'longer than 64 KiB',
    ],
    [
      'a record of many lines without an end',
      'csv',
      csv(csvRow(), `"${'x\n'.repeat(RECORD_BYTES_AT_MOST)}`, csvRow()),
      2,
      'not CSV from here on',
    ],
    [
      'bytes that are not UTF-8',
      'csv',
      Buffer.concat([Buffer.from(csv(csvRow(), '')), Buffer.from([0xff])]),
      2,
      'not UTF-8',
    ],
    [
      'a line that is not UTF-8',
      'ndjson',
      Buffer.concat([Buffer.from(`${ndjsonRow()}\n"`), Buffer.from([0xff])]),
      2,
      'not UTF-8',
    ],
    ['a line that is not JSON', 'ndjson', `${ndjsonRow()}\n{`, 2, 'not JSON'],
    [
      'a line that is nested deeply',
      'ndjson',
      `${ndjsonRow()}\n${'['.repeat(30_000)}`,
      2,
      'nested deeper than 32',
    ],
    [
      'a line with a name twice',
      'ndjson',
      ndjsonRow().replace('{"amount"', '{"\\u0061mount":"1","amount"'),
      1,
      'the same name twice: /amount/amount',
    ],
    ['a line that is not an object', 'ndjson', `${ndjsonRow()}\n[1]`, 2, 'not an object'],
    [
      'an unknown field',
      'ndjson',
      `${ndjsonRow()}\n${ndjsonRow().replace('{', '{"note":1,')}`,
      2,
      '"note" is not a field',
    ],
    [
      'an amount that is a number',
      'ndjson',
      `${ndjsonRow()}\n${ndjsonRow().replace('"1250.5"', '1250.5')}`,
      2,
      'amount: amount is not a string',
    ],
    [
      'a line without an end',
      'ndjson',
      `${ndjsonRow()}\n${'x'.repeat(RECORD_BYTES_AT_MOST + 1)}`,
      2,
      'longer than 64 KiB',
    ],
  ])('rejects %s', async (_what, form, file, row, reason) => {
    const found = await read(file, form, {}, [1_000]);
    expect(found.rejected).toContainEqual({ row, reason: expect.stringContaining(reason) });
    expect(found.bytesDigest).toBe(digestOfBytes(Buffer.from(file as string)));
  });

  it('lists a thousand rejected rows and counts all of them', async () => {
    const found = await read(
      Array.from({ length: 1_200 }, () => ndjsonRow({ family: 'x' })).join('\n'),
      'ndjson',
      {},
      [65_536],
    );
    expect([found.rejected.length, found.rejectedCount, found.rejected.at(-1)?.row]).toEqual([
      1_000, 1_200, 1_000,
    ]);
  });

  const SIZE = 4 * 1024 * 1024;
  it.each<[string, RevenueFileForm, string, number, string]>([
    ['line breaks', 'ndjson', '\n'.repeat(SIZE), 0, 'no rows'],
    ['line breaks', 'csv', `${header}\n${'\r\n'.repeat(SIZE / 2)}`, 0, 'no rows'],
    ['blanks', 'ndjson', ' \t\n'.repeat(SIZE / 3), 0, 'no rows'],
    [
      'commas',
      'csv',
      `${header}\n${`${','.repeat(60_000)}\n`.repeat(SIZE / 60_000)}`,
      1,
      'a row has more than 1000 cells',
    ],
    [
      'empty rows',
      'csv',
      `${header}\n${`${','.repeat(8)}\n`.repeat(SIZE / 9)}`,
      10_241,
      '10240 rows are rejected; the rest was not read',
    ],
    [
      'empty objects',
      'ndjson',
      '{}\n'.repeat(SIZE / 3),
      10_241,
      '10240 rows are rejected; the rest was not read',
    ],
  ])('rejects a large file of %s quickly (%s)', async (_what, form, file, row, reason) => {
    const before = process.cpuUsage();
    const found = await read(file, form, {}, [65_536]);
    expect(found.rejected.at(-1)).toEqual({ row, reason: expect.stringContaining(reason) });
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
  });

  it('reports a row outside the partners of a key', async () => {
    const scope = [partnerId('p1')];
    expect((await read(csv(csvRow()), 'csv', { scope })).isOutsideScope).toBe(false);
    expect(
      (await read(csv(csvRow(), csvRow({ partnerId: 'p2' })), 'csv', { scope })).isOutsideScope,
    ).toBe(true);
  });

  it('does not depend on where its pieces begin and end', async () => {
    const file = `${ndjsonRow()}\n${ndjsonRow({ reference: '関所' })}\r\n\n${ndjsonRow({ soldAs: 'x' })}\n`;
    const whole = await read(file, 'ndjson', {}, [100_000]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }),
        async (sizes) => {
          const { accepted, rejected, digest, bytesDigest } = await read(file, 'ndjson', {}, sizes);
          expect({ accepted, rejected, digest, bytesDigest }).toEqual({
            accepted: whole.accepted,
            rejected: whole.rejected,
            digest: whole.digest,
            bytesDigest: whole.bytesDigest,
          });
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('the spool', () => {
  it('has no name, so that no file is left after a crash', () => {
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is split into chunks that fit into an append', async () => {
    const file = Array.from({ length: 2_000 }, (_, index) =>
      ndjsonRow({ reference: `関所${index}` }),
    ).join('\n');
    const found = await read(file, 'ndjson', {}, [65_536]);
    expect(found.chunkLengths.length).toBeGreaterThan(3);
    expect(Math.max(...found.chunkLengths)).toBeLessThanOrEqual(128 * 1024 + 1);
    expect((await spooled(found)).map(({ row }) => row)).toEqual(
      Array.from({ length: 2_000 }, (_, index) => index + 1),
    );
  });
});
