import Big from 'big.js';
import { isCurrency, minorDigits } from './currency.js';

export { currencies, isCurrency, minorDigits } from './currency.js';

/**
 * An amount as it is written everywhere outside a calculation: a decimal string, never a binary
 * float.
 */
export interface Money {
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
}

export type Rounding = 'half-even' | 'truncate';

// `strict` makes big.js throw on a number, so that no binary float can slip into an amount
// (02-rules.md, Money).
const Decimal = Big();
Decimal.strict = true;
Decimal.NE = -40;
Decimal.PE = 60;

const modes: Readonly<Record<Rounding, 0 | 2>> = { truncate: 0, 'half-even': 2 };

/**
 * At most 15 digits before the point; how many after it is the currency's affair, or the reader's.
 */
const decimalPattern = /^-?\d{1,15}(\.\d{1,20})?$/;

export const isDecimal = (text: string): boolean => decimalPattern.test(text);

/** −1, 0 or 1: exact, whatever zeros either is written with. */
export const compareDecimals = (a: string, b: string): -1 | 0 | 1 => new Decimal(a).cmp(b);

export interface MoneyFault {
  readonly field: 'amount' | 'currency';
  readonly rule: 'enum' | 'format';
  readonly expected: 'currency' | 'decimal' | 'minor-digits';
}

/**
 * Why a stated amount of money is malformed, or undefined when it is not. Zero and less are for the
 * caller to judge.
 */
export function moneyFault({ amount, currency }: Money): MoneyFault | undefined {
  if (!isCurrency(currency)) return { field: 'currency', rule: 'enum', expected: 'currency' };
  if (!isDecimal(amount)) return { field: 'amount', rule: 'format', expected: 'decimal' };
  if ((amount.split('.')[1] ?? '').length > minorDigits(currency))
    return { field: 'amount', rule: 'format', expected: 'minor-digits' };
  return undefined;
}

/**
 * An amount with exactly the minor digits of its currency; what lies behind them is rounded away.
 */
export const roundMoney = (
  amount: string,
  currency: string,
  rounding: Rounding = 'half-even',
): Money => ({
  amount: formatAmount(amount, currency, rounding),
  currency,
});

export const formatAmount = (
  amount: string,
  currency: string,
  rounding: Rounding = 'half-even',
): string =>
  withoutNegativeZero(new Decimal(amount).toFixed(minorDigits(currency), modes[rounding]));

/** A unit price × a whole number, rounded once. */
export const multiply = (
  unitPrice: string,
  quantity: number,
  currency: string,
  rounding: Rounding = 'half-even',
): Money =>
  roundMoney(new Decimal(unitPrice).times(wholeNumber(quantity)).toFixed(), currency, rounding);

/** A price × a rate, unrounded: the caller rounds once, at the end. */
export const timesDecimal = (a: string, b: string): string => new Decimal(a).times(b).toFixed();

export function add(first: Money, ...others: readonly Money[]): Money {
  const total = others.reduce((sum, { amount, currency }) => {
    if (currency !== first.currency)
      throw new TypeError(`${first.currency} and ${currency} cannot be added`);
    return sum.plus(amount);
  }, new Decimal(first.amount));
  return roundMoney(total.toFixed(), first.currency);
}

export const zero = (currency: string): Money => roundMoney('0', currency);

function wholeNumber(quantity: number): string {
  if (!Number.isSafeInteger(quantity)) throw new RangeError(`${quantity} is no whole number`);
  return String(quantity);
}

const withoutNegativeZero = (amount: string): string =>
  /^-0(\.0+)?$/.test(amount) ? amount.slice(1) : amount;
