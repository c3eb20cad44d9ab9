import { compareDecimals, negated, totalOf } from '../../shared/money.js';
import { documentTotals, rateKey, type TaxRounding } from '../tax/document-tax.js';
import type { BillableCharge, DocumentContent, DocumentKind } from './document.js';

export interface ComposedDocuments {
  readonly invoice?: DocumentContent;
  readonly creditNote?: DocumentContent;
}

/**
 * The documents of one issuer, payer and currency in one run. Credits are negative lines of the
 * invoice. If the lines of a tax rate add up to less than zero, they are put on a credit note
 * instead. Lines of zero are shown; without lines there is no document.
 */
export function composeDocuments(
  charges: readonly BillableCharge[],
  currency: string,
  rounding: TaxRounding,
): ComposedDocuments {
  const credited = ratesBelowZero(charges, currency);
  const isCredited = ({ tax }: BillableCharge): boolean => credited.has(rateKey(tax));
  const ordered = inOrder(charges);
  const invoiced = ordered.filter((charge) => !isCredited(charge));
  const turned = ordered
    .filter(isCredited)
    .map((charge) => ({ ...charge, amount: negated(charge.amount) }));
  return {
    ...(invoiced.length > 0 && { invoice: content('invoice', invoiced, currency, rounding) }),
    ...(turned.length > 0 && { creditNote: content('credit-note', turned, currency, rounding) }),
  };
}

function ratesBelowZero(charges: readonly BillableCharge[], currency: string): ReadonlySet<string> {
  const byRate = Map.groupBy(charges, ({ tax }) => rateKey(tax));
  const net = (ofRate: readonly BillableCharge[]): string =>
    totalOf(
      ofRate.map(({ amount }) => amount),
      currency,
    );
  return new Set(
    [...byRate].flatMap(([rate, ofRate]) => (compareDecimals(net(ofRate), '0') < 0 ? rate : [])),
  );
}

const content = (
  kind: DocumentKind,
  charges: readonly BillableCharge[],
  currency: string,
  rounding: TaxRounding,
): DocumentContent => ({
  kind,
  currency,
  lines: charges.map((charge, lineIndex) => ({ lineIndex, ...charge })),
  ...documentTotals(charges, currency, rounding),
});

/**
 * By customer, subscription and date. Charges that agree in all of these keep the order in which they
 * were recorded.
 */
const inOrder = (charges: readonly BillableCharge[]): readonly BillableCharge[] =>
  charges
    .map((charge) => ({
      charge,
      customer: charge.tenantId ?? '',
      source: sourceText(charge),
    }))
    .sort(
      (a, b) =>
        compareText(a.customer, b.customer) ||
        compareText(a.source, b.source) ||
        compareText(a.charge.date, b.charge.date),
    )
    .map(({ charge }) => charge);

/** A purchase without a subscription comes after those with one; a manual charge is the last. */
function sourceText({ source }: BillableCharge): string {
  if (source === undefined) return '~';
  return 'subscriptionId' in source
    ? `s ${source.subscriptionId}`
    : `t ${source.orderId} ${String(source.line).padStart(6, '0')}`;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
