import { isDate } from '../shared/calendar.js';
import { isCurrency, isDecimal, minorDigits } from '../shared/money.js';
import { accept, refuse, type Result } from '../shared/result.js';
import type { BillingPlan, OfferFamily, OfferSegment, OfferTerm, PriceRow } from './price-list.js';

export { chunkRows, digestOf, DuplicateRows, offerKey } from './price-list-rows.js';

/** Partner Center's columns (04-api.md). Further columns of an export are not read. */
export const requiredColumns = [
  'ProductTitle',
  'ProductId',
  'SkuId',
  'SkuTitle',
  'Publisher',
  'SkuDescription',
  'UnitOfMeasure',
  'TermDuration',
  'BillingPlan',
  'Market',
  'Currency',
  'UnitPrice',
  'PricingTierRangeMin',
  'PricingTierRangeMax',
  'EffectiveStartDate',
  'EffectiveEndDate',
  'Tags',
  'ERP Price',
] as const;
export const optionalColumns = ['Segment', 'Family', 'MinQuantity', 'MaxQuantity'] as const;

const columnsRead: ReadonlySet<string> = new Set([...requiredColumns, ...optionalColumns]);

/** What is wrong with the header: a required column missing, or one that is read given twice. */
export function headerFaults(columns: readonly string[]): readonly string[] {
  const given = new Set<string>();
  const repeated = new Set<string>();
  for (const column of columns) (given.has(column) ? repeated : given).add(column);
  return [
    ...requiredColumns.filter((column) => !given.has(column)).map((column) => `column ${column} is missing`),
    ...[...repeated].filter((column) => columnsRead.has(column)).map((column) => `column ${column} is given twice`),
  ];
}

/** One record of the file as a row of the list, or why it cannot be one: every fault of it, not only the first. */
export function parsePriceRow(record: Readonly<Record<string, string>>, rowNumber: number, market: string): Result<PriceRow, string> {
  const read = new RecordReader(record);
  const row = {
    row: rowNumber,
    offerId: read.offerId(),
    ...read.titles(),
    publisher: read.text('Publisher'),
    unitOfMeasure: read.text('UnitOfMeasure'),
    ...read.termAndPlan(),
    currency: read.currency(market),
    unitPrice: read.price('UnitPrice') ?? read.missing('UnitPrice'),
    erpPrice: read.price('ERP Price'),
    segment: read.oneOf('Segment', segments, 'commercial'),
    family: read.oneOf('Family', families, 'cloud'),
    ...read.range('PricingTierRangeMin', 'PricingTierRangeMax', 'tierMin', 'tierMax', 0),
    ...read.range('MinQuantity', 'MaxQuantity', 'minQuantity', 'maxQuantity', 1),
    ...read.effectiveDates(),
    tags: read.text('Tags'),
  };
  return read.faults.length === 0 ? accept(withoutAbsent(row)) : refuse(read.faults.join('; '));
}

/** The longest text that is kept of a cell: a chunk of rows has to fit into one event. */
const TEXT_LENGTH_AT_MOST = 1_000;
/** An order names an offer in at most 64 characters (04-api.md). */
const OFFER_ID_LENGTH_AT_MOST = 64;

const terms: ReadonlySet<string> = new Set<OfferTerm>(['P1M', 'P1Y', 'P3Y']);
const plans: ReadonlyMap<string, BillingPlan> = new Map([
  ['monthly', 'monthly'],
  ['annual', 'annual'],
  ['triennial', 'triennial'],
  ['onetime', 'one_time'],
  ['one_time', 'one_time'],
]);
const segments: readonly OfferSegment[] = ['commercial', 'nonprofit', 'education', 'gcc'];
/** A partner's own offers are no part of a market's list: they are uploaded for that partner, and only it can sell them. */
const families: readonly OfferFamily[] = ['cloud', 'perpetual-software'];

/** Reads the cells of one record and keeps every fault on the way; what a faulty cell answers is never used. */
class RecordReader {
  readonly faults: string[] = [];

  constructor(private readonly record: Readonly<Record<string, string>>) {}

  titles(): { readonly title: string; readonly productTitle: string | undefined } {
    const productTitle = this.text('ProductTitle');
    const title = this.text('SkuTitle') ?? productTitle ?? '';
    return { title, productTitle: productTitle === title ? undefined : productTitle };
  }

  text(column: string): string | undefined {
    const cell = this.cell(column);
    if (cell === '') return undefined;
    if (cell.length > TEXT_LENGTH_AT_MOST) return this.fault(`${column} is longer than ${TEXT_LENGTH_AT_MOST} characters`);
    if (!cell.isWellFormed() || cell.includes('\0')) return this.fault(`${column} is not well-formed text`);
    return cell;
  }

  /** `ProductId:SkuId`. Spreadsheets strip the zeros that a SkuId begins with. */
  offerId(): string {
    const product = this.cell('ProductId') || this.missing('ProductId');
    const sku = this.cell('SkuId') || this.missing('SkuId');
    const offerId = `${product}:${sku.padStart(4, '0')}`;
    if (/^[A-Za-z0-9._-]+:[A-Za-z0-9._-]+$/.test(offerId) && offerId.length <= OFFER_ID_LENGTH_AT_MOST) return offerId;
    if (product && sku) this.fault(`ProductId and SkuId ${shown(offerId)} name no offer`);
    return offerId;
  }

  /** A one-time purchase has no term, and nothing else is without one. */
  termAndPlan(): { readonly term: OfferTerm; readonly billingPlan: BillingPlan } {
    const term = this.cell('TermDuration');
    const plan = this.cell('BillingPlan');
    const billingPlan = plans.get(plan.toLowerCase());
    if (term !== '' && !terms.has(term)) this.fault(`TermDuration ${shown(term)} is none of P1M, P1Y, P3Y or empty`);
    if (billingPlan === undefined) this.fault(`BillingPlan ${shown(plan)} is none of Monthly, Annual, Triennial, OneTime`);
    else if ((term === '') !== (billingPlan === 'one_time')) this.fault('an empty TermDuration and the BillingPlan OneTime go together');
    // The set of terms has just been asked.
    return { term: term === '' ? 'none' : (term as OfferTerm), billingPlan: billingPlan ?? 'one_time' };
  }

  /** Any currency of ISO 4217: MARKET-2 judges what may be ordered in it. The row's market has to be the list's. */
  currency(market: string): string {
    const stated = this.cell('Market');
    if (stated !== market) this.fault(`Market ${shown(stated)} is not ${market}`);
    const currency = this.cell('Currency');
    if (!isCurrency(currency)) this.fault(`Currency ${shown(currency)} is no ISO 4217 code`);
    return currency;
  }

  /** For the whole term and one unit; finer than the currency's minor unit where the list is: only amounts are rounded. */
  price(column: string): string | undefined {
    const price = this.cell(column);
    if (price === '') return undefined;
    if (!isDecimal(price) || price.startsWith('-')) return this.fault(`${column} ${shown(price)} is no price: a decimal, not negative`);
    const currency = this.cell('Currency');
    return isCurrency(currency) ? withMinorDigits(price, minorDigits(currency)) : price;
  }

  oneOf<Value extends string>(column: string, values: readonly Value[], absent: Value): Value {
    const cell = this.cell(column).toLowerCase();
    if (cell === '') return absent;
    const value = values.find((known) => known === cell);
    if (value === undefined) this.fault(`${column} ${shown(this.cell(column))} is none of ${values.join(', ')}`);
    return value ?? absent;
  }

  range<Least extends string, Most extends string>(
    leastColumn: string,
    mostColumn: string,
    least: Least,
    most: Most,
    atLeast: 0 | 1,
  ): { readonly [Name in Least | Most]: number | undefined } {
    const from = this.wholeNumber(leastColumn, atLeast);
    const to = this.wholeNumber(mostColumn, atLeast);
    if (from !== undefined && to !== undefined && to < from) this.fault(`${mostColumn} ${to} is below ${leastColumn} ${from}`);
    // Computed names widen to an index signature; these two are the ones that the type tells.
    return { [least]: from, [most]: to } as { readonly [Name in Least | Most]: number | undefined };
  }

  /** Dates of 1753 and 9999 stand for no date: the ends are open. */
  effectiveDates(): { readonly effectiveFrom: string | undefined; readonly effectiveTo: string | undefined } {
    const effectiveFrom = this.date('EffectiveStartDate');
    const effectiveTo = this.date('EffectiveEndDate');
    if (effectiveFrom !== undefined && effectiveTo !== undefined && effectiveTo < effectiveFrom) {
      this.fault(`EffectiveEndDate ${effectiveTo} comes before EffectiveStartDate ${effectiveFrom}`);
    }
    return { effectiveFrom, effectiveTo };
  }

  missing(column: string): '' {
    if (this.cell(column) === '') this.fault(`${column} is empty`);
    return '';
  }

  private cell(column: string): string {
    return this.record[column]?.trim() ?? '';
  }

  private wholeNumber(column: string, atLeast: 0 | 1): number | undefined {
    const cell = this.cell(column);
    if (cell === '') return undefined;
    const value = Number(cell);
    if (/^\d{1,15}$/.test(cell) && value >= atLeast) return value;
    return this.fault(`${column} ${shown(cell)} is no whole number from ${atLeast} on`);
  }

  /** A date, or an instant in UTC of which the date counts. */
  private date(column: string): string | undefined {
    const cell = this.cell(column);
    if (cell === '') return undefined;
    const date = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?$/.exec(cell)?.[1];
    if (date === undefined || !isDate(date)) return this.fault(`${column} ${shown(cell)} is no date (YYYY-MM-DD)`);
    return date.startsWith('1753-') || date.startsWith('9999-') ? undefined : date;
  }

  private fault(reason: string): undefined {
    this.faults.push(reason);
    return undefined;
  }
}

const shown = (cell: string): string => JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);

/** The same price is always the same text: no zeros before it, and behind it those of the currency's minor unit only. */
function withMinorDigits(price: string, digits: number): string {
  const [whole = '', fraction = ''] = price.split('.');
  const kept = fraction.replace(/0+$/, '').padEnd(digits, '0');
  const units = whole.replace(/^0+(?=\d)/, '');
  return kept === '' ? units : `${units}.${kept}`;
}

type Loose<Row> = { readonly [Field in keyof Row]: Row[Field] | undefined };

/** An absent cell is an absent field: no log takes `undefined`. */
function withoutAbsent(row: Loose<Required<PriceRow>>): PriceRow {
  const present: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(row)) if (value !== undefined) present[field] = value;
  // Fields that a row must have were read without a fault, so none of them is among those left out.
  return present as unknown as PriceRow;
}
