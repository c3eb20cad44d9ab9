/** No currency has more digits after the point (ISO 4217), and no decimal of a report. */
export const DECIMAL_DIGITS = 4;

/**
 * A decimal string as a whole number of any size: 12.5 is 125000 ten-thousandths. Sums of these are
 * exact, and quick.
 */
export function tenThousandths(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  if (fraction.length > DECIMAL_DIGITS)
    throw new RangeError(`${decimal} has more than ${DECIMAL_DIGITS} digits behind the point`);
  return BigInt(whole + fraction.padEnd(DECIMAL_DIGITS, '0'));
}

/** The decimal string again, with all four digits. */
export function decimalOf(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(DECIMAL_DIGITS + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -DECIMAL_DIGITS)}.${digits.slice(-DECIMAL_DIGITS)}`;
}
