import { compareDecimals, negated, sumOf, totalOf } from '../../shared/money.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import { creditTax, type RateTax, rateKey, type TaxRounding } from '../tax/document-tax.js';
import type { DocumentContent, DocumentLine } from './document.js';

export type CreditRequest =
  | { readonly all: true }
  | { readonly lines: readonly { readonly lineIndex: number; readonly amount?: string }[] };

export type CreditRefusal =
  | { readonly code: 'line-unknown'; readonly lineIndex: number }
  | { readonly code: 'line-repeated'; readonly lineIndex: number }
  | { readonly code: 'credit-exceeds-line'; readonly lineIndex: number; readonly left: string }
  | { readonly code: 'nothing-to-credit' }
  | { readonly code: 'credit-below-zero' };

/**
 * A credit note for lines of an issued invoice, at most what earlier ones left of each line. `earlier`
 * are the credit notes that were made of this invoice before, in their order.
 */
export function creditNoteOf(
  invoice: DocumentContent,
  earlier: readonly CreditedLines[],
  request: CreditRequest,
  rounding: TaxRounding,
): Result<DocumentContent, CreditRefusal> {
  const chosen = chosenLines(invoice, earlier, request);
  if (!chosen.ok) return chosen;
  if (chosen.value.length === 0) return refuse({ code: 'nothing-to-credit' });

  const { currency } = invoice;
  const taxes = invoice.taxes.flatMap(
    (rate) => creditedRate(rate, chosen.value, earlier, currency, rounding) ?? [],
  );
  const net = totalOf(
    taxes.map((rate) => rate.net),
    currency,
  );
  const tax = totalOf(
    taxes.map((rate) => rate.tax),
    currency,
  );
  const total = totalOf([net, tax], currency);
  if (compareDecimals(total, '0') < 0) return refuse({ code: 'credit-below-zero' });
  return accept({ kind: 'credit-note', currency, lines: chosen.value, taxes, net, tax, total });
}

export type CreditedLines = Pick<DocumentContent, 'lines' | 'taxes'>;

/** The lines of the new credit note, with their amounts. */
function chosenLines(
  invoice: DocumentContent,
  earlier: readonly CreditedLines[],
  request: CreditRequest,
): Result<readonly DocumentLine[], CreditRefusal> {
  const wanted: readonly { readonly lineIndex: number; readonly amount?: string }[] =
    'all' in request ? invoice.lines : request.lines;
  const chosen = new Map<number, DocumentLine>();
  for (const want of wanted) {
    const { lineIndex } = want;
    const line = invoice.lines[lineIndex];
    if (!line) return refuse({ code: 'line-unknown', lineIndex });
    if (chosen.has(lineIndex)) return refuse({ code: 'line-repeated', lineIndex });

    const left = leftOf(line, earlier, invoice.currency);
    const amount = 'all' in request ? left : (want.amount ?? left);
    if (!isWithin(amount, left)) return refuse({ code: 'credit-exceeds-line', lineIndex, left });
    if (compareDecimals(amount, '0') === 0) continue;
    chosen.set(lineIndex, {
      ...line,
      lineIndex: chosen.size,
      creditedLineIndex: lineIndex,
      amount: totalOf([amount], invoice.currency),
    });
  }
  return accept([...chosen.values()]);
}

function leftOf(line: DocumentLine, earlier: readonly CreditedLines[], currency: string): string {
  const credited = earlier
    .flatMap(({ lines }) => lines)
    .filter(({ creditedLineIndex }) => creditedLineIndex === line.lineIndex)
    .map(({ amount }) => negated(amount));
  return totalOf([line.amount, ...credited], currency);
}

/** Between zero and what is left, which is below zero for a line that is a credit itself. */
const isWithin = (amount: string, left: string): boolean =>
  compareDecimals(left, '0') < 0
    ? compareDecimals(left, amount) <= 0 && compareDecimals(amount, '0') <= 0
    : compareDecimals('0', amount) <= 0 && compareDecimals(amount, left) <= 0;

function creditedRate(
  rate: RateTax,
  lines: readonly DocumentLine[],
  earlier: readonly CreditedLines[],
  currency: string,
  rounding: TaxRounding,
): RateTax | undefined {
  const isOfRate = (other: Pick<RateTax, 'treatment' | 'rate'>): boolean =>
    rateKey(other) === rateKey(rate);
  const ofRate = lines.filter(({ tax }) => isOfRate(tax));
  if (ofRate.length === 0) return undefined;

  const before = earlier.flatMap(({ taxes }) => taxes.filter(isOfRate));
  const net = totalOf(
    ofRate.map(({ amount }) => amount),
    currency,
  );
  const tax = creditTax(
    { net: sumOf(...before.map((tax) => tax.net)), tax: sumOf(...before.map((tax) => tax.tax)) },
    { net, rate: rate.rate },
    currency,
    rounding,
  );
  return { treatment: rate.treatment, rate: rate.rate, net, tax };
}
