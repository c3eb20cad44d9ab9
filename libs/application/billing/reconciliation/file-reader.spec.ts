import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type Cells, cells, csv, documented, readBytes } from './testing/files.js';

const line = cells();
const summary = {
  lines: 1,
  currency: 'USD',
  months: ['2026-12'],
  subtotal: '120',
};
const jsonLine = (record: object): string => `${JSON.stringify(record)}\n`;
const camel = (record: Cells): Cells =>
  Object.fromEntries(
    Object.entries(record).map(([name, cell]) => [name[0]!.toLowerCase() + name.slice(1), cell]),
  );
/** Some of its columns under the names of other exports. */
const renamed = ({ Total, ...rest }: Cells): Cells => ({ ...rest, TotalForCustomer: Total! });
const more = [...documented, 'ProductCategory', 'DiscountDetails'];

describe('a file of Microsoft', () => {
  it.each<[string, string | Uint8Array]>([
    ['CSV with the documented columns', csv([line])],
    ['CSV with columns in another order', csv([line], documented.toReversed())],
    ['CSV with 48 columns', csv([{ ...line, ProductCategory: 'M365' }], more)],
    ['CSV with the columns that it needs alone', csv([line], Object.keys(line))],
    [
      'CSV with other names',
      csv(
        [renamed(line)],
        Object.keys(renamed(line)).map((name) => name.toLowerCase()),
      ).replace(
        /\r\n[^\r]*\r\n$/,
        `\r\n${Object.values(renamed(line))
          .map((cell) => `"${cell}"`)
          .join(',')}\r\n`,
      ),
    ],
    ['CSV with a byte-order mark', `\uFEFF${csv([line])}`],
    ['CSV with line feeds', csv([line], documented, '\n')],
    ['CSV with empty lines at its end', `${csv([line])}\r\n\r\n`],
    ['JSON Lines', jsonLine(line)],
    ['JSON Lines in camel case', jsonLine(camel(line))],
    ['JSON Lines with a byte-order mark and blank lines', `\uFEFF\n${jsonLine(line)}\n`],
    ['JSON Lines with numbers', JSON.stringify(line).replace('"120.00"', '120.00')],
    ['a JSON array', JSON.stringify([line], null, 2)],
    ['a JSON array after blanks', `\n ${JSON.stringify([camel(line)])}`],
    ['gzip', gzipSync(csv([line]))],
    ['gzip of JSON Lines', gzipSync(jsonLine(line))],
  ])('is read: %s', async (_form, bytes) => {
    const read = await readBytes(bytes);
    expect(read).toMatchObject({ rejected: [], accepted: 1, summary });
    expect(read.partnerTenants).toEqual(['7f3f1d3a-0000-4000-8000-000000000001']);
    expect(read.invoiceNumbers).toEqual(['G000000042']);
  });

  it('is read from every member of a gzip file', async () => {
    const [first, ...rest] = Array.from({ length: 3 }, (_line, index) =>
      gzipSync(jsonLine(cells({ Subtotal: `${index}.10` }))),
    );
    expect(await readBytes(Buffer.concat([first!, ...rest]))).toMatchObject({
      accepted: 3,
      summary: { subtotal: '3.3' },
    });
  });

  it('keeps every cell as it is, with unknown columns', async () => {
    const odd = {
      ...line,
      Subtotal: "'94.080000000000000000",
      TaxTotal: "'0E-20",
      ChargeType: 'brandNewType',
      ReferenceID: '{"osId":"x","id":"ab12","v":"2.0"}',
      CustomerName: 'He said "no",\nthen left',
      ProductCategory: 'M365',
    };
    const { rows } = await readBytes(csv([odd], more));
    expect(rows).toEqual([{ row: 1, cells: odd }]);
    const fromJson = await readBytes(jsonLine(odd));
    expect(fromJson.rows).toEqual([{ row: 1, cells: odd }]);
  });

  it('keeps the digits of numbers in JSON', async () => {
    const exact = '0.123456789012345678';
    const { rows, summary } = await readBytes(
      `${JSON.stringify({ ...line, Subtotal: 0 }).replace('"Subtotal":0', `"Subtotal":${exact}`)}\n`,
    );
    expect(rows[0]!.cells['Subtotal']).toBe(exact);
    expect(summary!.subtotal).toBe(exact);
  });

  it('has the same digest in another form, and another with other content', async () => {
    const digests = await Promise.all(
      [
        csv([line]),
        gzipSync(csv([line], documented.toReversed())),
        jsonLine(camel(line)),
        JSON.stringify([line]),
        csv([{ ...line, UnitPrice: "'12.00" }]),
        csv([{ ...line, UnitPrice: '12.01' }]),
        csv([line, line]),
      ].map(async (bytes) => (await readBytes(bytes)).summary!.digest),
    );
    expect(new Set(digests.slice(0, 5)).size).toBe(1);
    expect(new Set(digests).size).toBe(3);
  });

  it('has the months of its charges, by the start of a charge or else the order', async () => {
    const { ChargeStartDate: _start, ...ordered } = line;
    const { summary } = await readBytes(
      JSON.stringify([line, ordered, cells({ ChargeStartDate: '2027-01-31T00:00:00Z' })]),
    );
    expect(summary!.months).toEqual(['2026-11', '2026-12', '2027-01']);
  });

  it('is cut into chunks that the log accepts', async () => {
    const lines = Array.from({ length: 400 }, (_line, index) =>
      cells({ Subtotal: `${index}.01`, CustomerName: 'x'.repeat(900) }),
    );
    const read = await readBytes(csv(lines));
    expect(read.chunkLengths.length).toBeGreaterThan(3);
    expect(Math.max(...read.chunkLengths)).toBeLessThan(200 * 1024);
    expect(read.rows.map(({ row }) => row)).toEqual(lines.map((_line, index) => index + 1));
    expect(read.summary!.subtotal).toBe('79804');
  });
});

describe('a file that is refused', () => {
  const semicolons = csv([line]).replaceAll(',', ';');
  const latin1 = Buffer.from(csv([cells({ CustomerName: 'Müller' })]), 'latin1');

  it.each<[string, string | Uint8Array, number, RegExp]>([
    ['semicolons', semicolons, 0, /separated by semicolons.*en-US/],
    [
      'no column Subtotal',
      csv(
        [line],
        documented.filter((name) => name !== 'Subtotal'),
      ),
      0,
      /column Subtotal is missing/,
    ],
    [
      'a column twice',
      csv([line], [...documented, 'Currency']),
      0,
      /column "Currency" occurs twice/,
    ],
    ['nothing', '', 0, /the file has no lines/],
    ['a header alone', csv([]), 0, /the file has no lines/],
    ['another encoding', latin1, 0, /not UTF-8/],
    [
      'two currencies',
      csv([line, cells({ Currency: 'EUR' })]),
      0,
      /several currencies \(EUR, USD\)/,
    ],
    ['truncated gzip', gzipSync(csv([line])).subarray(0, -9), 0, /damaged or truncated/],
    ['a damaged JSON array', '[{"PartnerId":', 0, /is not JSON/],
    ['no JSON object', '[1]', 1, /not a JSON object/],
    ['a damaged JSON line', `${jsonLine(line)}{"PartnerId"\n`, 2, /is not JSON/],
    ['a decimal comma', csv([line, cells({ Subtotal: '94,08' })]), 2, /decimal commas.*en-US/],
    ['a thousands separator', csv([cells({ Subtotal: '1,094.08' })]), 1, /thousands separators/],
    ['a date of another format', csv([cells({ ChargeEndDate: '9.1.2027' })]), 1, /is not a date/],
    ['no charge type', csv([cells({ ChargeType: '' })]), 1, /chargeType is empty/],
    ['too few cells', `${csv([line])}a,b\r\n`, 2, /2 cells, the header 46/],
    ['an open quotation mark', `${csv([line])}"a`, 2, /not CSV/],
  ])('names the row and the reason: %s', async (_what, bytes, row, reason) => {
    const { rejected, summary, chunkLengths } = await readBytes(bytes);
    expect({ summary, chunkLengths }).toEqual({ summary: undefined, chunkLengths: [] });
    expect(rejected).toEqual([{ row, reason: expect.stringMatching(reason) }]);
  });

  it('lists every fault, and stops after too many', async () => {
    const faults = await readBytes(
      csv([cells({ Subtotal: 'x', Currency: '' }), cells({ SkuId: '' })]),
    );
    expect(faults.rejected.map(({ row }) => row)).toEqual([1, 2]);
    const many = Array.from({ length: 10_001 }, () => '{}').join('\n');
    const { rejected, rejectedCount } = await readBytes(many);
    expect([rejected.length, rejectedCount]).toEqual([1_001, 10_001]);
    expect(rejected.at(-1)).toEqual({
      row: 10_001,
      reason: '10000 lines are rejected; the rest was not read',
    });
  });
});
