import { type Malformed, malformed, moneyMalformed, oneOf } from '../shared/malformed.js';
import {
  add,
  compareDecimals,
  isDecimal,
  type Money,
  moneyFault,
  roundMoney,
  timesDecimal,
} from '../shared/money.js';
import type { RevenueEntry } from './revenue.js';

/** The reason why an amount cannot be revenue. A credit is negative; zero is not an amount. */
export function amountFault(amount: Money): Malformed | undefined {
  const fault = moneyFault(amount);
  return fault && moneyMalformed('/amount', fault);
}

/**
 * The reason why an amount cannot be a part of an entry: another currency, another sign, or zero.
 */
export function partFault(amount: Money, entry: Money): Malformed | undefined {
  const fault = amountFault(amount);
  if (fault) return fault;
  if (amount.currency !== entry.currency)
    return malformed('/amount/currency', oneOf([entry.currency]));
  const sign = signOf(amount);
  return sign === 0 || sign !== signOf(entry)
    ? malformed('/amount/amount', { rule: 'range', expected: 'same-sign' })
    : undefined;
}

/** The amount in USD at a rate, rounded half-even; undefined if it has too many digits. */
export function usdValue(amount: Money, usdPerUnit: string): Money | undefined {
  const usd = roundMoney(timesDecimal(amount.amount, usdPerUnit), 'USD');
  return isDecimal(usd.amount) ? usd : undefined;
}

/** The amount of an entry after its reversals. */
export const unreversed = ({
  amount,
  reversals,
}: Pick<RevenueEntry, 'amount' | 'reversals'>): Money =>
  add(amount, ...reversals.map((reversal) => negated(reversal.amount)));

export const isZero = (amount: Money): boolean => signOf(amount) === 0;

/** Whether the first of two amounts with the same sign has the greater absolute value. */
export const exceeds = (part: Money, whole: Money): boolean =>
  compareDecimals(part.amount, whole.amount) === signOf(part);

export const sameMoney = (a: Money, b: Money): boolean =>
  a.currency === b.currency && compareDecimals(a.amount, b.amount) === 0;

const signOf = ({ amount }: Money): -1 | 0 | 1 => compareDecimals(amount, '0');

const negated = ({ amount, currency }: Money): Money => ({
  amount: timesDecimal(amount, '-1'),
  currency,
});
