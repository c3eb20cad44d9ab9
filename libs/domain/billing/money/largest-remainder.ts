import { minorDigits } from '../../shared/money.js';

/**
 * An amount divided in proportion to weights, in whole minor units that add up to it exactly. Each
 * part is first rounded down; the units that are left go to the parts with the largest remainders,
 * the first ones among equals (largest remainder, or Hamilton, method). Weights may be negative, but
 * not their sum; where it is zero, all goes to the first part.
 */
export function splitByLargestRemainder(
  amount: string,
  weights: readonly string[],
  currency: string,
): readonly string[] {
  const digits = minorDigits(currency);
  const whole = scaled(amount, digits);
  const scale = Math.max(...weights.map(fractionDigits), 0);
  const shares = weights.map((weight) => scaled(weight, scale));
  const sum = shares.reduce((total, share) => total + share, 0n);
  if (sum === 0n) return weights.map((_weight, index) => text(index === 0 ? whole : 0n, digits));

  const parts = shares.map((share, index) => {
    const floor = floorDivide(whole * share, sum);
    return { index, floor, remainder: whole * share - floor * sum };
  });
  let left = whole - parts.reduce((total, { floor }) => total + floor, 0n);
  const units = parts.map(({ floor }) => floor);
  for (const { index, floor } of parts.toSorted(byLargestRemainder)) {
    if (left === 0n) break;
    units[index] = floor + 1n;
    left -= 1n;
  }
  return units.map((unit) => text(unit, digits));
}

interface Part {
  readonly index: number;
  readonly remainder: bigint;
}

const byLargestRemainder = (a: Part, b: Part): number =>
  a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1;

const fractionDigits = (decimal: string): number => (decimal.split('.')[1] ?? '').length;

/** A decimal in units of its last digit; it has at most this many digits after the point. */
function scaled(decimal: string, digits: number): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(`${whole}${fraction.padEnd(digits, '0')}`);
}

function text(units: bigint, digits: number): string {
  const size = String(units < 0n ? -units : units).padStart(digits + 1, '0');
  const sign = units < 0n ? '-' : '';
  return digits === 0
    ? `${sign}${size}`
    : `${sign}${size.slice(0, -digits)}.${size.slice(-digits)}`;
}

const floorDivide = (dividend: bigint, divisor: bigint): bigint =>
  dividend / divisor - (dividend % divisor !== 0n && dividend < 0n !== divisor < 0n ? 1n : 0n);
