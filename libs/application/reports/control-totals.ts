import { compareDecimals, type Money, productOf, roundMoney } from '../../domain/shared/money.js';
import type { ReportColumn, ReportRow } from './report.js';

/**
 * Totals by column. A money column has a sum for each currency, ordered by currency code. A column
 * of whole numbers has one sum.
 */
export type ReportTotals = Readonly<Record<string, readonly Money[] | number>>;

/**
 * The number of rows, and the exact sums of the totalled columns. A reader can compare their copy
 * of the report with them.
 */
export class ControlTotals {
  private rows = 0;
  private readonly sums: ReadonlyMap<string, Map<string, bigint>>;
  /** For decimal amounts: the column with the currency. */
  private readonly currencyColumns: ReadonlyMap<string, string>;
  private readonly counts: Map<string, number>;

  constructor(columns: readonly ReportColumn[]) {
    const totalled = columns.filter((column) => column.totalled);
    this.sums = new Map(
      totalled
        .filter(({ type, currencyColumn }) => type === 'money' || currencyColumn !== undefined)
        .map(({ name }) => [name, new Map<string, bigint>()]),
    );
    this.currencyColumns = new Map(
      totalled.flatMap(({ name, currencyColumn }) =>
        currencyColumn === undefined ? [] : [[name, currencyColumn]],
      ),
    );
    this.counts = new Map(
      totalled.filter(({ type }) => type === 'integer').map(({ name }) => [name, 0]),
    );
  }

  count(rows: readonly ReportRow[]): void {
    this.rows += rows.length;
    for (const row of rows) {
      for (const [name, sums] of this.sums) addTo(sums, this.moneyIn(row, name));
      for (const [name, sum] of this.counts) this.counts.set(name, sum + wholeNumber(row[name]));
    }
  }

  private moneyIn(row: ReportRow, name: string): ReportRow[string] | undefined {
    const cell = row[name];
    const column = this.currencyColumns.get(name);
    const currency = column === undefined ? undefined : row[column];
    return typeof cell === 'string' && typeof currency === 'string'
      ? { amount: cell, currency }
      : cell;
  }

  get rowCount(): number {
    return this.rows;
  }

  get totals(): ReportTotals {
    const sums = [...this.sums].map(
      ([name, byCurrency]) => [name, [...byCurrency].map(moneyOf).sort(byCode)] as const,
    );
    return Object.fromEntries([...sums, ...this.counts]);
  }
}

function addTo(sums: Map<string, bigint>, cell: ReportRow[string] | undefined): void {
  if (typeof cell !== 'object' || cell === null) return;
  sums.set(cell.currency, (sums.get(cell.currency) ?? 0n) + tenThousandths(cell.amount));
}

/** With the digits of the currency, or those that the sum of Microsoft's amounts needs. */
function moneyOf([currency, sum]: readonly [string, bigint]): Money {
  const exact = decimalOf(sum);
  const rounded = roundMoney(exact, currency);
  return compareDecimals(rounded.amount, exact) === 0
    ? rounded
    : { amount: productOf(exact), currency };
}

const wholeNumber = (cell: ReportRow[string] | undefined): number =>
  typeof cell === 'number' ? cell : 0;

const byCode = (a: Money, b: Money): number => (a.currency < b.currency ? -1 : 1);

/** No ISO 4217 currency and no decimal of a report has more digits after the point. */
export const DECIMAL_DIGITS = 4;

/**
 * Converts a decimal string into a whole number of any size: 12.5 becomes 125000 ten-thousandths.
 * These can be added exactly and fast.
 */
export function tenThousandths(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  if (fraction.length > DECIMAL_DIGITS)
    throw new RangeError(`${decimal} has more than ${DECIMAL_DIGITS} digits after the point`);
  return BigInt(whole + fraction.padEnd(DECIMAL_DIGITS, '0'));
}

/** Converts back into a decimal string, with all four digits. */
export function decimalOf(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(DECIMAL_DIGITS + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -DECIMAL_DIGITS)}.${digits.slice(-DECIMAL_DIGITS)}`;
}
