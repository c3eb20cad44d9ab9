import {
  compareDecimals,
  formatAmount,
  negated,
  productOf,
  type Rounding,
  sumOf,
  totalOf,
} from '../../shared/money.js';
import type { LineTax, TaxTreatment } from './line-tax.js';

export type TaxRounding = Extract<Rounding, 'half-up' | 'truncate'>;

/** The tax of all lines of one rate. */
export interface RateTax {
  readonly treatment: TaxTreatment;
  readonly rate: string;
  readonly net: string;
  readonly tax: string;
}

export interface Totals {
  readonly taxes: readonly RateTax[];
  readonly net: string;
  readonly tax: string;
  readonly total: string;
}

interface TaxedLine {
  readonly amount: string;
  readonly tax: Pick<LineTax, 'treatment' | 'rate'>;
}

/** Rates are numbers: 0.1 and 0.10 are one rate. */
export const rateKey = ({ treatment, rate }: Pick<LineTax, 'treatment' | 'rate'>): string =>
  `${treatment} ${rate.includes('.') ? rate.replace(/\.?0+$/, '') : rate}`;

/**
 * Tax is rounded once for each rate of a document, on the sum of its rounded lines (Japan:
 * Enforcement Order of the Consumption Tax Act, Art. 70-10; EN 16931: BR-CO-17). The total tax is
 * the sum of these, and the total is net plus tax: no total is rounded by itself.
 */
export function documentTotals(
  lines: readonly TaxedLine[],
  currency: string,
  rounding: TaxRounding,
): Totals {
  const taxes = [...Map.groupBy(lines, ({ tax }) => rateKey(tax)).values()]
    .flatMap((group) => rateTaxOf(group, currency, rounding) ?? [])
    .sort(byTreatmentAndRate);
  const net = totalOf(
    taxes.map((rate) => rate.net),
    currency,
  );
  const tax = totalOf(
    taxes.map((rate) => rate.tax),
    currency,
  );
  return { taxes, net, tax, total: totalOf([net, tax], currency) };
}

export const taxOf = (net: string, rate: string, currency: string, rounding: TaxRounding): string =>
  formatAmount(productOf(net, rate), currency, rounding);

/**
 * The tax of one more credit on a document: that of everything credited so far at this rate, less
 * the tax that was credited before. Crediting all lines in any number of steps ends at exactly the
 * document's tax (lago-api PR 2643).
 */
export function creditTax(
  before: { readonly net: string; readonly tax: string },
  credit: { readonly net: string; readonly rate: string },
  currency: string,
  rounding: TaxRounding,
): string {
  const all = taxOf(sumOf(before.net, credit.net), credit.rate, currency, rounding);
  return totalOf([all, negated(before.tax)], currency);
}

function rateTaxOf(
  lines: readonly TaxedLine[],
  currency: string,
  rounding: TaxRounding,
): RateTax | undefined {
  const [first] = lines;
  if (!first) return undefined;
  const { treatment, rate } = first.tax;
  const net = totalOf(
    lines.map(({ amount }) => amount),
    currency,
  );
  return { net, rate, tax: taxOf(net, rate, currency, rounding), treatment };
}

const treatments: readonly TaxTreatment[] = [
  'standard',
  'exempt',
  'reverse-charge',
  'outside-scope',
];

const byTreatmentAndRate = (a: RateTax, b: RateTax): number =>
  treatments.indexOf(a.treatment) - treatments.indexOf(b.treatment) ||
  compareDecimals(b.rate, a.rate);
