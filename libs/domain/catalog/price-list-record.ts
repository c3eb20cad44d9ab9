import { codeKey, visibleCode } from '../shared/code-key.js';
import { isCurrency, isDecimal, minorDigits } from '../shared/money.js';
import { isBlank, isPrintableLine } from '../shared/printable-text.js';
import { OFFER_ID_LENGTH_AT_MOST, paddedSkuId } from './offer-id.js';
import { cellDate, type DateEnd } from './price-list-dates.js';
import type { PriceListColumn, PriceListRecord } from './price-list-columns.js';
import { type BillingPlan, type OfferTerm, taxCategoryPattern } from './price-list.js';

/** A chunk of rows must fit into one event. */
const TEXT_LENGTH_AT_MOST = 1_000;

const terms: ReadonlyMap<string, OfferTerm> = new Map([
  ['p1m', 'P1M'],
  ['p1y', 'P1Y'],
  ['p3y', 'P3Y'],
]);
const plans: ReadonlyMap<string, BillingPlan> = new Map([
  ['monthly', 'monthly'],
  ['annual', 'annual'],
  ['triennial', 'triennial'],
  ['onetime', 'one_time'],
]);
/** Values of ChangeIndicator: the row is deleted, or it is sold (new, changed or unchanged). */
const DELETED =
  /delet|remov|discontinu|retire|withdraw|endof|obsolete|expire|inactive|unavailab|notavailab|nolonger|^d(el)?$|削除|廃止|終了/u;
const SOLD =
  /^(a|c|u|n|add.*|new.*|unc.*|chg|chang.*|upd.*|modif.*|price.*|same|no|none|nochanges?|notchanged|active|current|existing|追加|変更|変更なし|なし)?$/u;
const ONE_TIME: ReadonlySet<string> = new Set(['', 'onetime']);
/**
 * Reads the cells of one record and collects every fault. The value that it returns for a faulty
 * cell must not be used.
 */
export class RecordReader {
  readonly faults: string[] = [];

  constructor(private readonly record: PriceListRecord) {}

  isTrial(price: PriceListColumn = 'UnitPrice'): boolean {
    return (
      codeKey(this.cell('BillingPlan')) === 'none' &&
      /^0+(\.0+)?$/.test(visibleCode(this.cell(price)))
    );
  }

  isDeleted(): boolean {
    const indicator = this.code('ChangeIndicator');
    if (DELETED.test(codeKey(indicator))) return true;
    if (!SOLD.test(codeKey(indicator)))
      this.fault(`ChangeIndicator ${shown(indicator)} is none of Add, Change, Unchanged, Delete`);
    return false;
  }

  titles(): { readonly title: string; readonly productTitle: string | undefined } {
    const productTitle = this.text('ProductTitle');
    const title = this.text('SkuTitle') ?? productTitle;
    if (title === undefined) this.fault('SkuTitle and ProductTitle are empty');
    return { title: title ?? '', productTitle: productTitle === title ? undefined : productTitle };
  }

  /** A text for people, unchanged. */
  text(column: PriceListColumn): string | undefined {
    const cell = this.cell(column);
    if (isBlank(cell)) return undefined;
    if (cell.length > TEXT_LENGTH_AT_MOST)
      return this.fault(`${column} is longer than ${TEXT_LENGTH_AT_MOST} characters`);
    if (!cell.isWellFormed()) return this.fault(`${column} is not well-formed text`);
    if (!isPrintableLine(cell)) return this.fault(`${column} has control characters`);
    return cell;
  }

  /** `ProductId:SkuId`. Spreadsheets strip the zeros that a SkuId begins with. */
  offerId(): string {
    const product = this.code('ProductId') || this.missing('ProductId');
    const sku = this.code('SkuId') || this.missing('SkuId');
    const offerId = `${product}:${paddedSkuId(sku)}`;
    if (
      /^[A-Za-z0-9._-]+:[A-Za-z0-9._-]+$/.test(offerId) &&
      offerId.length <= OFFER_ID_LENGTH_AT_MOST
    )
      return offerId;
    if (product && sku) this.fault(`ProductId and SkuId ${shown(offerId)} name no offer`);
    return offerId;
  }

  /**
   * A row without a term is a one-time purchase. A row with a term may be paid at once, as
   * reservations are.
   */
  termAndPlan(): { readonly term: OfferTerm; readonly billingPlan: BillingPlan } {
    const term = this.code('TermDuration');
    const plan = this.code('BillingPlan');
    const isOneTime = ONE_TIME.has(codeKey(term)) && ONE_TIME.has(codeKey(plan));
    if (isOneTime) return { term: 'none', billingPlan: 'one_time' };

    const billingPlan = plans.get(codeKey(plan));
    if (codeKey(plan) === 'none')
      this.fault('BillingPlan None is for trials, whose UnitPrice is 0');
    else if (ONE_TIME.has(codeKey(term))) {
      this.fault(
        `TermDuration ${shown(term)} and BillingPlan ${shown(plan)} do not go together: without a term it is OneTime or empty`,
      );
    } else if (billingPlan === undefined)
      this.fault(`BillingPlan ${shown(plan)} is none of Monthly, Annual, Triennial, OneTime`);
    const offerTerm = terms.get(codeKey(term));
    if (!ONE_TIME.has(codeKey(term)) && offerTerm === undefined)
      this.fault(`TermDuration ${shown(term)} is none of P1M, P1Y, P3Y, OneTime or empty`);
    return { term: offerTerm ?? 'none', billingPlan: billingPlan ?? 'one_time' };
  }

  /** Whether the file has the column, also if the cell is empty. */
  has(column: PriceListColumn): boolean {
    return this.record[column] !== undefined;
  }

  market(market: string): void {
    const stated = this.code('Market');
    if (stated !== market) this.fault(`Market ${shown(stated)} is not ${market}`);
  }

  /** One of these markets; empty: every market. */
  oneOfMarkets(markets: readonly string[]): string | undefined {
    const stated = this.code('Market');
    if (stated === '' || markets.includes(stated)) return stated === '' ? undefined : stated;
    return this.fault(`Market ${shown(stated)} is not a market code`);
  }

  /**
   * Accepts any currency of ISO 4217; MARKET-2 judges which one may be ordered. The row's market
   * must be that of the list.
   */
  currency(): string {
    const currency = this.code('Currency');
    if (!isCurrency(currency)) this.fault(`Currency ${shown(currency)} is not an ISO 4217 code`);
    return currency;
  }

  /**
   * The price of one unit for the whole term. It may be finer than the currency's minor unit,
   * because only amounts are rounded.
   */
  price(column: PriceListColumn): string | undefined {
    const price = this.code(column);
    if (price === '') return undefined;
    if (!isDecimal(price) || price.startsWith('-'))
      return this.fault(
        `${column} ${shown(price)} is not a price (a decimal that is not negative)`,
      );
    const currency = this.code('Currency');
    return isCurrency(currency) ? withMinorDigits(price, minorDigits(currency)) : price;
  }

  /** A category of the tax-rate tables. */
  taxCategory(): string | undefined {
    const code = this.code('TaxCategory').toLowerCase();
    if (code === '' || taxCategoryPattern.test(code)) return code === '' ? undefined : code;
    return this.fault(
      `TaxCategory ${shown(code)} is not a category (lower-case letters, digits and "-")`,
    );
  }

  oneOf<Value extends string>(
    column: PriceListColumn,
    values: ReadonlyMap<string, Value>,
    absent: Value,
  ): Value {
    const code = this.code(column);
    if (code === '') return absent;
    const value = values.get(codeKey(code));
    if (value === undefined)
      this.fault(`${column} ${shown(code)} is none of ${[...new Set(values.values())].join(', ')}`);
    return value ?? absent;
  }

  range<Least extends string, Most extends string>(
    leastColumn: PriceListColumn,
    mostColumn: PriceListColumn,
    least: Least,
    most: Most,
    atLeast: 0 | 1,
  ): { readonly [Name in Least | Most]: number | undefined } {
    const from = this.wholeNumber(leastColumn, atLeast);
    const to = this.wholeNumber(mostColumn, atLeast);
    if (from !== undefined && to !== undefined && to < from)
      this.fault(`${mostColumn} ${to} is below ${leastColumn} ${from}`);
    // Computed names widen to an index signature; the return type names exactly these two.
    return { [least]: from, [most]: to } as { readonly [Name in Least | Most]: number | undefined };
  }

  /**
   * First and last day in force, without their times: an end of `11/30/2026 23:59` or
   * `2026-11-30T00:00:00Z` is in force on that day. An item that is no longer sold
   * (`EndofSaleDate`) cannot be ordered either.
   */
  effectiveDates(): {
    readonly effectiveFrom: string | undefined;
    readonly effectiveTo: string | undefined;
  } {
    const effectiveFrom = this.date('EffectiveStartDate', 'start');
    const effectiveTo = this.date('EffectiveEndDate', 'end');
    const soldUntil = this.date('EndofSaleDate', 'end');
    if (effectiveFrom !== undefined && effectiveTo !== undefined && effectiveTo < effectiveFrom) {
      this.fault(
        `EffectiveEndDate ${effectiveTo} comes before EffectiveStartDate ${effectiveFrom}`,
      );
    }
    const isSoldShorter =
      soldUntil !== undefined && (effectiveTo === undefined || soldUntil < effectiveTo);
    return { effectiveFrom, effectiveTo: isSoldShorter ? soldUntil : effectiveTo };
  }

  missing(column: PriceListColumn): '' {
    if (this.cell(column) === '') this.fault(`${column} is empty`);
    return '';
  }

  private cell(column: PriceListColumn): string {
    return this.record[column]?.trim() ?? '';
  }

  /** A code without invisible characters, which would make it a different code. */
  private code(column: PriceListColumn): string {
    const cell = this.cell(column);
    const code = visibleCode(cell);
    if (code === '' && cell !== '') this.fault(`${column} has invisible characters only`);
    return code;
  }

  private wholeNumber(column: PriceListColumn, atLeast: 0 | 1): number | undefined {
    const code = this.code(column);
    if (code === '') return undefined;
    const value = Number(code);
    if (/^\d{1,15}$/.test(code) && value >= atLeast) return value;
    return this.fault(`${column} ${shown(code)} is not a whole number of at least ${atLeast}`);
  }

  private date(column: PriceListColumn, end: DateEnd): string | undefined {
    const code = this.code(column);
    const date = code === '' ? { ok: true, value: undefined } : cellDate(code, end);
    return date.ok
      ? date.value
      : this.fault(
          `${column} ${shown(code)} is not a date (2026-11-30, 2026-11-30T23:59:00Z or 11/30/2026 23:59)`,
        );
  }

  private fault(reason: string): undefined {
    this.faults.push(reason);
    return undefined;
  }
}

const shown = (cell: string): string =>
  JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);

/**
 * The canonical text of a price: no leading zeros, and after the point at least the digits of the
 * currency's minor unit.
 */
function withMinorDigits(price: string, digits: number): string {
  const [whole = '', fraction = ''] = price.split('.');
  const kept = fraction.replace(/0+$/, '').padEnd(digits, '0');
  const units = whole.replace(/^0+(?=\d)/, '');
  return kept === '' ? units : `${units}.${kept}`;
}
