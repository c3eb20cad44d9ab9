const columns = [
  'ProductTitle', 'ProductId', 'SkuId', 'SkuTitle', 'Publisher', 'SkuDescription', 'UnitOfMeasure', 'TermDuration', 'BillingPlan', 'Market',
  'Currency', 'UnitPrice', 'PricingTierRangeMin', 'PricingTierRangeMax', 'EffectiveStartDate', 'EffectiveEndDate', 'Tags', 'ERP Price',
  'Segment', 'Family', 'MinQuantity', 'MaxQuantity',
] as const; // prettier-ignore
/** Only in files whose rows have them. */
const optionalColumns = ['SellingPrice', 'TaxCategory'] as const;
type Column = (typeof columns)[number] | (typeof optionalColumns)[number];
export type Row = Partial<Record<Column, string>>;

/**
 * A price list in Partner Center's export format. By default a row is a monthly offer at 100 a
 * seat, from 1753 to 9999.
 */
export function priceList(market: string, currency: string, rows: readonly Row[]): string {
  const usual: Row = {
    ProductTitle: 'Microsoft 365',
    SkuId: '0001',
    SkuTitle: 'Microsoft 365 E3',
    Publisher: 'Microsoft',
    UnitOfMeasure: '1 License',
    TermDuration: 'P1M',
    BillingPlan: 'Monthly',
    Market: market,
    Currency: currency,
    UnitPrice: '100',
    EffectiveStartDate: '1753-01-01',
    EffectiveEndDate: '9999-12-31',
    'ERP Price': '120',
  };
  const used = [
    ...columns,
    ...optionalColumns.filter((column) => rows.some((row) => row[column] !== undefined)),
  ];
  const line = (row: Row): string =>
    used.map((column) => ({ ...usual, ...row })[column] ?? '').join(',');
  return [used.join(','), ...rows.map(line)].join('\n') + '\n';
}
