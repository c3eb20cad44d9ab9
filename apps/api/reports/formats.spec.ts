import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { ControlTotals } from '../../../libs/application/reports/control-totals.js';
import type {
  ReportColumn,
  Report,
  ReportQuery,
  ReportRow,
} from '../../../libs/application/reports/report.js';
import { csvLine, defused } from './csv.format.js';
import { acceptedFormat, type ReportFormatName, formatOf } from './format.js';

const columns: readonly ReportColumn[] = [
  { name: 'position', type: 'position', description: '' },
  { name: 'name', type: 'text', nullable: true, description: '' },
  { name: 'day', type: 'date', nullable: true, description: '' },
  { name: 'at', type: 'instant', nullable: true, description: '' },
  {
    name: 'months',
    type: 'integer',
    unit: 'months',
    nullable: true,
    totalled: true,
    description: '',
  },
  { name: 'met', type: 'boolean', nullable: true, description: '' },
  { name: 'share', type: 'decimal', nullable: true, description: '' },
  { name: 'total', type: 'money', nullable: true, totalled: true, description: '' },
  { name: 'usd', type: 'money', nullable: true, currency: 'USD', description: '' },
];
const full: ReportRow = {
  position: 7,
  name: '=関所, "株式会社"',
  day: '2024-02-29',
  at: '2026-11-22T10:00:00.123Z',
  months: 12,
  met: false,
  share: '-0.5001',
  total: { amount: '-12345678901234567890.50', currency: 'USD' },
  usd: { amount: '3.00', currency: 'USD' },
};
const empty: ReportRow = {
  position: 8,
  name: null,
  day: null,
  at: null,
  months: null,
  met: null,
  share: null,
  total: null,
  usd: null,
};

async function written(
  format: ReportFormatName,
  pages: readonly (readonly ReportRow[])[],
  withRows = true,
): Promise<Buffer> {
  const report: Report = {
    name: 'sample',
    version: 3,
    summary: '',
    columns,
    hasPeriod: true,
    pages: () => paged(pages),
  };
  // The parts of a query that a format shows.
  const query = { asOf: '2026-11-22', knownAt: 41, from: '2026-01-01' } as ReportQuery;
  const opened = { report, query, pages: paged(pages) };
  const chunks: Buffer[] = [];
  for await (const chunk of (await formatOf(format)).chunks({
    opened,
    totals: new ControlTotals(columns),
    withRows,
  }))
    chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function* paged(
  pages: readonly (readonly ReportRow[])[],
): AsyncGenerator<readonly ReportRow[]> {
  for (const page of pages) yield page;
}

const controlTotals = {
  months: 12,
  total: [{ amount: '-12345678901234567890.50', currency: 'USD' }],
};

describe('a report as JSON', () => {
  it('has what it covers, then its rows, then its totals', async () => {
    const document = JSON.parse(String(await written('json', [[full], [], [empty]]))) as Record<
      string,
      unknown
    >;
    expect(Object.keys(document).slice(-3)).toEqual(['items', 'rowCount', 'controlTotals']);
    expect(document).toMatchObject({
      report: 'sample',
      schemaVersion: 3,
      position: '41',
      knownAt: '41',
      asOf: '2026-11-22',
      filters: { from: '2026-01-01' },
      items: [
        { ...full, position: '7' },
        { ...empty, position: '8' },
      ],
      rowCount: 2,
      controlTotals,
    });
    expect((document['columns'] as object[])[4]).toEqual({
      name: 'months',
      type: 'integer',
      nullable: true,
      unit: 'months',
    });
  });
  it.each([[[]], [[[]]], [[[], []]]])('is a valid document without rows', async (pages) => {
    expect(JSON.parse(String(await written('json', pages)))).toMatchObject({
      items: [],
      rowCount: 0,
      controlTotals: { months: 0, total: [] },
    });
  });
  it('counts rows that it does not write', async () => {
    expect(JSON.parse(String(await written('json', [[full], [empty]], false)))).toMatchObject({
      items: [],
      rowCount: 2,
      controlTotals,
    });
  });
});

describe('a report as NDJSON', () => {
  it('has a header, one line for each row, and a trailer', async () => {
    const lines = String(await written('ndjson', [[full], [empty]]))
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { header: { report: 'sample', position: '41' } },
      { ...full, position: '7' },
      { ...empty, position: '8' },
      { trailer: { rowCount: 2, controlTotals } },
    ]);
  });
});

describe('a report as CSV', () => {
  it('begins with a byte order mark, and ends its lines as RFC 4180 says', async () => {
    const bytes = await written('csv', [[full], [empty]]);
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.subarray(3).toString().split('\r\n')).toEqual([
      'position,name,day,at,months,met,share,total,totalCurrency,usd',
      '7,"\'=関所, ""株式会社""",2024-02-29,2026-11-22T10:00:00.123Z,12,false,-0.5001,-12345678901234567890.50,USD,3.00',
      '8,,,,,,,,,',
      '',
    ]);
  });

  it.each(['=1+1', '+1', '-1', '@a', '\ta', '\ra', '\na', '＝1', '＋1', '－1', '＠a'])(
    'marks %j as text',
    (text) => {
      expect(defused(text)).toBe(`'${text}`);
    },
  );
  it.each([
    [' =1', " '=1"],
    ['"=1', `"'=1`],
    ['x;=1+1', "x;'=1+1"],
    ['x; =1', "x; '=1"],
    ['x;"=1"', `x;"'=1"`],
    ['x\t=1', "x\t'=1"],
    ['x|@a', "x|'@a"],
    ['x\n=1', "x\n'=1"],
    ['x\r\n=1', "x\r\n'=1"],
    ['=a;=b;-c', "'=a;'=b;'-c"],
    [';＝1', ";'＝1"],
  ])('marks text that begins after blanks, quotes or another separator: %j', (text, safe) => {
    expect(defused(text)).toBe(safe);
  });
  it.each(['', 'a=b', "'=1", '関所', '1-2', 'ー1', 'a; b', 'Smith, -John', 'a;1-2'])(
    'leaves %j unchanged',
    (text) => {
      expect(defused(text)).toBe(text);
    },
  );

  it('has no cell that looks like a formula to a reader that separates by semicolons and ignores quotes within a cell', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', ';', '=', "'") }), {
          minLength: 2,
        }),
        (cells) => {
          const read = csvLine(cells.map(defused)).split(/[;\r\n]/);
          expect(read.filter((cell) => /^[\s"]*=/.test(cell))).toEqual([]);
        },
      ),
    );
  });

  it('preserves every cell', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ' ', ';', '関') }), {
          minLength: 2,
        }),
        (cells) => {
          expect(parse(csvLine(cells), { record_delimiter: '\r\n' })).toEqual([cells]);
        },
      ),
    );
  });
});

describe('a report as Parquet', () => {
  const read = async (bytes: Buffer) => {
    const file = bytes.buffer.slice(
      bytes.byteOffset,
      bytes.byteOffset + bytes.length,
    ) as ArrayBuffer;
    const metadata = parquetMetadata(file);
    // The reader converts a decimal into a binary fraction, so its bytes are read here as a whole
    // number.
    const schema = metadata.schema.map(({ converted_type, logical_type, ...element }) =>
      converted_type === 'DECIMAL'
        ? element
        : {
            ...element,
            ...(converted_type && { converted_type }),
            ...(logical_type && { logical_type }),
          },
    );
    const rows = await parquetReadObjects({ file, metadata: { ...metadata, schema }, utf8: false });
    return {
      metadata,
      rows: rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, unscaled(value)])),
      ),
    };
  };
  const unscaled = (value: unknown): unknown =>
    value instanceof Uint8Array
      ? BigInt.asIntN(128, BigInt(`0x${Buffer.from(value).toString('hex')}`))
      : value;

  it('has every column with its type, and the rest as key-value metadata', async () => {
    const { metadata, rows } = await read(await written('parquet', [[full], [empty]]));
    expect(rows).toEqual([
      {
        position: 7n,
        name: '=関所, "株式会社"',
        day: new Date('2024-02-29'),
        at: new Date('2026-11-22T10:00:00.123Z'),
        months: 12n,
        met: false,
        share: -5_001n,
        total: -123_456_789_012_345_678_905_000n,
        totalCurrency: 'USD',
        usd: 30_000n,
      },
      {
        position: 8n,
        name: null,
        day: null,
        at: null,
        months: null,
        met: null,
        share: null,
        total: null,
        totalCurrency: null,
        usd: null,
      },
    ]);
    expect(
      metadata.schema.map(({ name, converted_type, repetition_type }) => [
        name,
        converted_type,
        repetition_type,
      ]),
    ).toEqual([
      ['report', undefined, undefined],
      ['position', undefined, 'REQUIRED'],
      ['name', 'UTF8', 'OPTIONAL'],
      ['day', 'DATE', 'OPTIONAL'],
      ['at', 'TIMESTAMP_MILLIS', 'OPTIONAL'],
      ['months', undefined, 'OPTIONAL'],
      ['met', undefined, 'OPTIONAL'],
      ['share', 'DECIMAL', 'OPTIONAL'],
      ['total', 'DECIMAL', 'OPTIONAL'],
      ['totalCurrency', 'UTF8', 'OPTIONAL'],
      ['usd', 'DECIMAL', 'OPTIONAL'],
    ]);
    const said = Object.fromEntries(
      (metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value]),
    );
    expect(said).toMatchObject({
      'sekisho.position': '41',
      'sekisho.schemaVersion': '3',
      'sekisho.rowCount': '2',
    });
    expect(JSON.parse(said['sekisho.controlTotals'] ?? '')).toEqual(controlTotals);
  });

  it('is written one row group at a time', async () => {
    const pages = Array.from({ length: 11 }, (_page, page) =>
      Array.from({ length: 500 }, (_row, row) => ({ ...full, position: page * 500 + row })),
    );
    const { metadata, rows } = await read(await written('parquet', pages));
    expect(metadata.row_groups.map(({ num_rows }) => num_rows)).toEqual([
      1000n,
      1000n,
      1000n,
      1000n,
      1000n,
      500n,
    ]);
    expect(rows.map(({ position }) => Number(position))).toEqual(
      Array.from({ length: 5_500 }, (_row, row) => row),
    );
  });

  it('is a valid file without rows', async () => {
    const { metadata, rows } = await read(await written('parquet', []));
    expect([metadata.num_rows, rows]).toEqual([0n, []]);
  });
});

describe('the preferred format', () => {
  const asking = (accept: string | undefined) =>
    ({
      request: { headers: { accept } },
      reply: { getHeader: () => undefined, header: () => undefined },
    }) as never;
  it.each([
    [undefined, 'json'],
    ['*/*', 'json'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'json'],
    ['text/csv', 'csv'],
    ['Text/CSV; charset=utf-8', 'csv'],
    ['application/x-ndjson', 'ndjson'],
    ['application/ndjson', 'ndjson'],
    ['application/vnd.apache.parquet', 'parquet'],
    ['text/csv;q=0.5, application/json;q=0.4', 'csv'],
    ['text/csv;q=0.5, */*', 'json'],
    ['text/csv, application/x-ndjson', 'csv'],
    ['text/csv;q=0, */*;q=0.1', 'json'],
  ])('for %s is %s', (accept, format) => expect(acceptedFormat(asking(accept))).toBe(format));

  it.each(['text/csv;q=0', 'application/pdf'])('for %s does not exist', (accept) =>
    expect(() => acceptedFormat(asking(accept))).toThrow(/none of the media types/),
  );
});
