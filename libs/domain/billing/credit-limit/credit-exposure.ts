import {
  compareDecimals,
  type Money,
  negated,
  productOf,
  quotient,
  totalOf,
} from '../../shared/money.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import { documentTotals, type TaxRounding } from '../tax/document-tax.js';
import type { LineTax } from '../tax/line-tax.js';

/** What a customer owes a seller in one currency, and what it will be billed. */
export interface CreditPosition {
  readonly currency: string;
  /** Open amounts of invoices. */
  readonly open: string;
  readonly creditBalance: string;
  /**
   * Charges that are on no document yet, those of placed orders that are not activated yet, and the
   * first charges of the order in question.
   */
  readonly unbilled: readonly { readonly amount: string; readonly tax: LineTax }[];
}

export interface CreditExposure {
  /** The amounts are in the currency of the limit. */
  readonly exposure: string;
  readonly isWithinLimit: boolean;
}

export interface ExchangeRateMissing {
  readonly code: 'exchange-rate-missing';
  readonly currency: string;
}

/**
 * CREDIT-1: open amounts less credit balance plus what is unbilled, with its tax, in all currencies.
 * Net and tax of a currency are rounded once, and its sum once more where it is converted. `usdRateOf`
 * gives the published USD value of one unit, and 1 for USD itself.
 */
export function creditExposure(
  positions: readonly CreditPosition[],
  limit: Money,
  usdRateOf: (currency: string) => string | undefined,
  taxRounding: TaxRounding,
): Result<CreditExposure, ExchangeRateMissing> {
  const amounts: string[] = [];
  for (const position of positions) {
    const { currency } = position;
    const owed = owedIn(position, taxRounding);
    if (currency === limit.currency || compareDecimals(owed, '0') === 0) {
      amounts.push(owed);
      continue;
    }
    const [rate, limitRate] = [usdRateOf(currency), usdRateOf(limit.currency)];
    if (rate === undefined) return refuse({ code: 'exchange-rate-missing', currency });
    if (limitRate === undefined)
      return refuse({ code: 'exchange-rate-missing', currency: limit.currency });
    amounts.push(quotient(productOf(owed, rate), limitRate, limit.currency, 'half-even'));
  }
  const exposure = totalOf(amounts, limit.currency);
  return accept({ exposure, isWithinLimit: compareDecimals(exposure, limit.amount) <= 0 });
}

const owedIn = (
  { currency, open, creditBalance, unbilled }: CreditPosition,
  taxRounding: TaxRounding,
): string =>
  totalOf(
    [open, negated(creditBalance), documentTotals(unbilled, currency, taxRounding).total],
    currency,
  );
