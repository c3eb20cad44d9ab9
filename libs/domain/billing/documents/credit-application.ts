import { compareDecimals, negated, sumOf, totalOf } from '../../shared/money.js';
import { splitByLargestRemainder } from '../money/largest-remainder.js';
import { rateKey } from '../tax/document-tax.js';
import { correctedInvoice } from './corrected-charge.js';
import type { DocumentContent, DocumentLine, IssuedInvoice } from './document.js';

export interface CreditApplication {
  readonly invoiceId: string;
  /** With its tax. */
  readonly amount: string;
}

export interface AppliedCredit {
  /** The invoices that have the corrected charges: those that the credit note names. */
  readonly corrects: readonly string[];
  readonly applications: readonly CreditApplication[];
  readonly toCreditBalance: string;
}

/**
 * The invoices that a run's credit note lowers: every line lowers the latest invoice of its
 * subscription that covers its days, up to its open amount; the rest becomes credit balance.
 * `openOf` returns the open amount of an invoice.
 */
export function applyCreditNote(
  creditNote: DocumentContent,
  invoices: readonly IssuedInvoice[],
  openOf: (invoiceId: string) => string,
): AppliedCredit {
  const { currency } = creditNote;
  const grossByInvoice = new Map<string, string>();
  for (const { line, gross } of linesWithTax(creditNote)) {
    const invoiceId = correctedInvoice(line, invoices)?.invoiceId;
    if (invoiceId !== undefined)
      grossByInvoice.set(invoiceId, sumOf(grossByInvoice.get(invoiceId) ?? '0', gross));
  }

  let left = creditNote.total;
  const applications: CreditApplication[] = [];
  for (const [invoiceId, gross] of grossByInvoice) {
    const amount = smallest(gross, openOf(invoiceId), left);
    if (compareDecimals(amount, '0') <= 0) continue;
    applications.push({ invoiceId, amount: totalOf([amount], currency) });
    left = totalOf([left, negated(amount)], currency);
  }
  return { corrects: [...grossByInvoice.keys()], applications, toCreditBalance: left };
}

/** Each line with its part of the tax of its rate, to the minor unit. */
function linesWithTax({ lines, taxes, currency }: DocumentContent) {
  return taxes.flatMap((rate) => {
    const ofRate = lines.filter(({ tax }) => rateKey(tax) === rateKey(rate));
    const taxOfLines = splitByLargestRemainder(
      rate.tax,
      ofRate.map(({ amount }) => amount),
      currency,
    );
    return ofRate.map((line: DocumentLine, index) => ({
      line,
      gross: sumOf(line.amount, taxOfLines[index] ?? '0'),
    }));
  });
}

const smallest = (...amounts: readonly string[]): string =>
  amounts.reduce((least, amount) => (compareDecimals(amount, least) < 0 ? amount : least));
