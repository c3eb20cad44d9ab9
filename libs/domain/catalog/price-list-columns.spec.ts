import { describe, expect, it } from '@jest/globals';
import {
  optionalColumns,
  readHeader,
  cellsByColumn,
  requiredColumns,
  sellingPriceColumns,
} from './price-list-columns.js';

const withColumns = (...more: readonly string[]) => readHeader([...requiredColumns, ...more]);

describe('the header of a price list', () => {
  it('has every column of Partner Center; those of segments, families and quantities may be left out', () => {
    expect(readHeader(requiredColumns)).toMatchObject({ faults: [], notRead: [] });
    expect(withColumns(...optionalColumns)).toMatchObject({ faults: [], notRead: [] });
  });

  it.each(requiredColumns.map((column) => [column]))('needs %s', (missing) => {
    expect(readHeader(requiredColumns.filter((column) => column !== missing)).faults).toEqual([
      `column ${missing} is missing`,
    ]);
  });

  it.each([
    ['segment', 'Segment'],
    ['SEGMENT', 'Segment'],
    ['ＳＥＧＭＥＮＴ', 'Segment'],
    ['\u200BSegment', 'Segment'],
    ['Seg\u00ADment\u00A0', 'Segment'],
    ['\uFEFFSeg ment', 'Segment'],
    ['max quantity', 'MaxQuantity'],
    ['Max_Quantity', 'MaxQuantity'],
    ['MIN-QUANTITY', 'MinQuantity'],
    ['Max\nQuantity', 'MaxQuantity'],
    ['ｆａｍｉｌｙ', 'Family'],
    ['End of Sale Date', 'EndofSaleDate'],
  ] as const)('knows %j as %s', (name, column) => {
    const header = withColumns(name);
    expect(header).toMatchObject({ faults: [], notRead: [] });
    expect(header.columns.at(-1)).toBe(column);
  });

  it.each([
    'Customer Segment',
    'Segments',
    'CustomerSegment',
    'Segmnet',
    'Sgement',
    'Ségment',
    'Segment*',
    'Segment (old)',
    'Ѕegment', // the first letter is Cyrillic
    'Ѕеgmеnt',
    'MaximumQuantity',
    'Maximum Quantity',
    'Min Qty',
    'MaxQty',
    'Quantity',
    'QuantityMax',
    'Max',
    'Min Seats',
    'MaxLicenses',
    'Product Family',
    'Families',
    'End Customer Type',
    'Audience',
    'Eligibility',
    'Restricted to',
    'AllowedCountries',
    'Tier',
    'Tier Range Max',
    'Effective From',
    'EffectiveEnd',
    'Effectve End Date ',
    'Valid Until',
    'Expiry',
    'Tag',
    'Market Code',
    'Currency Code',
    'Billing Plans',
    'Term',
    'セグメント',
    '最大数量',
    'Customer Class',
    'Vertical',
    'AcademicOnly',
    'Max Users',
    'EDU',
    'Available To',
    'Discontinued',
    'Change',
    'Сегмент',
    '顧客',
  ])('refuses %j, which is nearly a known column or restricts an offer', (name) => {
    expect(withColumns(name).faults).toEqual([
      expect.stringContaining(JSON.stringify(name.trim())),
    ]);
  });

  it.each([
    'PreviousValues',
    'Program',
    'Administrator',
    'MeterIds',
    'MeterType',
    'AvailabilityId',
    'List Price',
    'Comment',
    'Trend',
    'Notes',
    '備考',
  ])('lists %j as not read', (name) => {
    expect(withColumns(name)).toMatchObject({ faults: [], notRead: [name] });
  });

  it.each([
    [['UnitPrice'], 'column UnitPrice occurs twice'],
    [['Segment', ' segment'], 'column Segment occurs twice'],
    [['Family', '\u200Bfam_ily'], 'column Family occurs twice'],
    [['Note', 'ＮＯＴＥ'], 'column "ＮＯＴＥ" occurs twice'],
    [[`x${'y'.repeat(100)}`], expect.stringContaining('a name of more than 100 characters')],
    [['a\u001bb'], 'column "a\\u001bb" has control characters in its name'],
  ])('refuses %j', (names, fault) => {
    expect(withColumns(...names).faults).toEqual([fault]);
  });

  it('has at most 200 columns', () => {
    const others = Array.from({ length: 201 - requiredColumns.length }, (_, index) => `X${index}`);
    expect(withColumns(...others).faults).toEqual([
      'the header has 201 columns; at most 200 are read',
    ]);
    expect(withColumns(...others.slice(1)).faults).toEqual([]);
  });
});

describe('a record', () => {
  const header = withColumns('Note', '', 'Segment');
  const cells = (note: string, unnamed: string, segment: string) => [
    ...requiredColumns.map((column) => `the ${column}`),
    note,
    unnamed,
    segment,
  ];

  it('has its cells by column, without those that are not read', () => {
    const read = cellsByColumn(header, cells('n', ' ', 'Education'));
    expect(read).toMatchObject({
      ok: true,
      value: { ProductId: 'the ProductId', Segment: 'Education' },
    });
    expect(Object.keys(read.ok ? read.value : {})).toHaveLength(requiredColumns.length + 1);
  });

  it('is refused with a value in a column without a name, with a restricting value in a column that is not read, or with more or fewer cells than the header', () => {
    expect(cellsByColumn(header, cells('', 'Education', ''))).toEqual({
      ok: false,
      refusal: 'the row has a value in column 20, which has no name',
    });
    for (const restricting of [
      'Education',
      'GCC High',
      'Charity; Education',
      'perpetual-software',
      'Not available',
    ])
      expect(cellsByColumn(header, cells(restricting, '', ''))).toEqual({
        ok: false,
        refusal: expect.stringContaining('column 19 seems to restrict'),
      });
    expect(cellsByColumn(header, cells('Education is the market', '', '')).ok).toBe(true);
    expect(cellsByColumn(header, ['a'])).toEqual({
      ok: false,
      refusal: 'the row has 1 cells, the header 21',
    });
    expect(cellsByColumn(header, [...cells('', '', ''), 'Education'])).toEqual({
      ok: false,
      refusal: 'the row has 22 cells, the header 21',
    });
  });
});

describe('the header of selling prices', () => {
  const key = ['ProductId', 'SkuId', 'TermDuration', 'BillingPlan', 'Currency'];
  const faults = (...columns: readonly string[]) =>
    readHeader([...key, ...columns], sellingPriceColumns).faults;

  it.each([
    [['SellingPrice']],
    [['UnitPrice']],
    [['selling price', 'UnitPrice', 'ERP Price', 'Market', 'Segment']],
  ])('has the key of a price and %j', (columns) => {
    expect(faults(...columns)).toEqual([]);
  });

  it.each([
    [['ERP Price'], 'column SellingPrice or UnitPrice is missing'],
    [['Sell Price', 'UnitPrice'], 'column "Sell Price" seems to be a price'],
    [['Retail price', 'UnitPrice'], 'column "Retail price" seems to be a price'],
    [['SelingPrice', 'UnitPrice'], 'column "SelingPrice" is nearly SellingPrice'],
    [['SellingPrice', 'Customer Segment'], 'column "Customer Segment" is nearly Segment'],
  ])('%j is refused', (columns, fault) => {
    expect(faults(...columns)).toEqual([expect.stringContaining(fault)]);
  });

  it('is not that of a price list, which does not read a selling price', () => {
    expect(readHeader([...requiredColumns, 'SellingPrice']).notRead).toEqual(['SellingPrice']);
  });
});
