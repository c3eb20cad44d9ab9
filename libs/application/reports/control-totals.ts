import { type Money, roundMoney } from '../../domain/shared/money.js';
import type { Column, ReportRow } from './report.js';
import { decimalOf, tenThousandths } from './ten-thousandths.js';

/**
 * Of a column with money: a sum a currency, in the order of their codes. Of whole numbers: their
 * sum.
 */
export type Totals = Readonly<Record<string, readonly Money[] | number>>;

/**
 * What a reader holds his copy of a report to: how many rows, and the sums of what can be summed.
 * Exact, whatever the size.
 */
export class ControlTotals {
  private rows = 0;
  private readonly sums: ReadonlyMap<string, Map<string, bigint>>;
  private readonly counts: Map<string, number>;

  constructor(columns: readonly Column[]) {
    const totalled = columns.filter((column) => column.totalled);
    this.sums = new Map(
      totalled
        .filter(({ type }) => type === 'money')
        .map(({ name }) => [name, new Map<string, bigint>()]),
    );
    this.counts = new Map(
      totalled.filter(({ type }) => type === 'integer').map(({ name }) => [name, 0]),
    );
  }

  count(rows: readonly ReportRow[]): void {
    this.rows += rows.length;
    for (const row of rows) {
      for (const [name, sums] of this.sums) addTo(sums, row[name]);
      for (const [name, sum] of this.counts) this.counts.set(name, sum + wholeNumber(row[name]));
    }
  }

  get rowCount(): number {
    return this.rows;
  }

  get totals(): Totals {
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

/** Amounts have the digits of their currency, so nothing is rounded away. */
const moneyOf = ([currency, sum]: readonly [string, bigint]): Money =>
  roundMoney(decimalOf(sum), currency);

const wholeNumber = (cell: ReportRow[string] | undefined): number =>
  typeof cell === 'number' ? cell : 0;

const byCode = (a: Money, b: Money): number => (a.currency < b.currency ? -1 : 1);
