import type { Money } from '../shared/money.js';

/** Whole US cents: sums of a million entries stay exact and quick. */
export type Cents = bigint;

export function centsOf(usd: string): Cents {
  if (!/^-?\d+\.\d\d$/.test(usd))
    throw new RangeError(`${usd} is not an amount of USD with two digits`);
  return BigInt(usd.replace('.', ''));
}

export const usdOf = (cents: Cents): Money => ({ amount: withPoint(cents, 2), currency: 'USD' });

/** Part ÷ whole with four digits, half-even; 1 if the whole is zero. */
export function shareOf(part: Cents, whole: Cents): string {
  if (whole === 0n) return '1.0000';
  const scaled = (part < 0n ? -part : part) * 10_000n;
  const floor = scaled / whole;
  const twiceRest = (scaled % whole) * 2n;
  const up = twiceRest > whole || (twiceRest === whole && floor % 2n === 1n);
  const rounded = up ? floor + 1n : floor;
  return withPoint(part < 0n ? -rounded : rounded, 4);
}

function withPoint(value: bigint, decimals: number): string {
  const digits = String(value < 0n ? -value : value).padStart(decimals + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
