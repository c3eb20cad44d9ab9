import Big from 'big.js';
import { isCurrency, minorDigits } from './currency.js';

export { currencies, isCurrency, minorDigits } from './currency.js';

/** An amount in its form outside of calculations: a decimal string, never a binary float. */
export interface Money {
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** `truncate` rounds toward zero, `half-up` rounds a half away from zero. */
export type Rounding = 'half-even' | 'half-up' | 'truncate';

// `strict` makes big.js throw on a number, so that no amount is ever a binary float.
const Decimal = Big();
Decimal.strict = true;
Decimal.NE = -40;
Decimal.PE = 60;

const modes: Readonly<Record<Rounding, 0 | 1 | 2>> = { truncate: 0, 'half-up': 1, 'half-even': 2 };

/** At most 15 digits before the point. The currency, or the reader, limits the digits after it. */
const decimalPattern = /^-?\d{1,15}(\.\d{1,20})?$/;

export const isDecimal = (text: string): boolean => decimalPattern.test(text);

/** −1, 0 or 1: exact, with any number of trailing zeros. */
export const compareDecimals = (a: string, b: string): -1 | 0 | 1 => new Decimal(a).cmp(b);

export interface MoneyFault {
  readonly field: 'amount' | 'currency';
  readonly rule: 'enum' | 'format';
  readonly expected: 'currency' | 'decimal' | 'minor-digits';
}

/**
 * The reason why a stated amount of money is malformed; undefined if it is not. The caller judges
 * zero and negative amounts.
 */
export function moneyFault({ amount, currency }: Money): MoneyFault | undefined {
  if (!isCurrency(currency)) return { field: 'currency', rule: 'enum', expected: 'currency' };
  if (!isDecimal(amount)) return { field: 'amount', rule: 'format', expected: 'decimal' };
  if ((amount.split('.')[1] ?? '').length > minorDigits(currency))
    return { field: 'amount', rule: 'format', expected: 'minor-digits' };
  return undefined;
}

/**
 * An amount with exactly the minor digits of its currency; digits after them are rounded away.
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

/** The exact product of decimals and whole numbers. */
export const productOf = (...factors: readonly (string | number)[]): string =>
  factors
    .reduce<Big>(
      (product, factor) => product.times(typeof factor === 'number' ? wholeNumber(factor) : factor),
      new Decimal('1'),
    )
    .toFixed();

/** The exact sum of decimals. */
export const sumOf = (...amounts: readonly string[]): string =>
  amounts.reduce<Big>((sum, amount) => sum.plus(amount), new Decimal('0')).toFixed();

/**
 * The sum of amounts that have at most the minor digits of their currency. Nothing is rounded; a
 * finer amount is a defect.
 */
export function totalOf(amounts: readonly string[], currency: string): string {
  const exact = sumOf(...amounts);
  const total = formatAmount(exact, currency);
  if (compareDecimals(total, exact) !== 0)
    throw new RangeError(`${exact} has more digits than ${currency}`);
  return total;
}

/** The same amount with the other sign, and as many digits. */
export const negated = (amount: string): string =>
  amount.startsWith('-') ? amount.slice(1) : withoutNegativeZero(`-${amount}`);

/**
 * `dividend` ÷ `divisor`, rounded once to the minor digits of a currency. big.js keeps the
 * remainder while it rounds, so a half is exactly a half.
 */
export function quotient(
  dividend: string,
  divisor: string,
  currency: string,
  rounding: Rounding,
): string {
  const digits = minorDigits(currency);
  const Quotient = Big();
  Quotient.strict = true;
  Quotient.DP = digits;
  Quotient.RM = modes[rounding];
  return withoutNegativeZero(new Quotient(dividend).div(divisor).toFixed(digits));
}

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
  if (!Number.isSafeInteger(quantity)) throw new RangeError(`${quantity} is not a whole number`);
  return String(quantity);
}

const withoutNegativeZero = (amount: string): string =>
  /^-0(\.0+)?$/.test(amount) ? amount.slice(1) : amount;
