/** US dollars for ten thousand units, an average of several years. */
const usdPerTenThousand: Readonly<Record<string, bigint>> = {
  JPY: 67n,
  EUR: 10_800n,
  CHF: 11_300n,
  GBP: 12_700n,
};
/**
 * The difference of a month's rates from the average, in percent. It is the same in every year;
 * nothing is random.
 */
const seasons: readonly bigint[] = [0n, 1n, 2n, 1n, 0n, -1n, -2n, -1n, 0n, 2n, 1n, -1n];

/** US dollars for one unit, in the form that is published for a month. */
export function usdPerUnit(month: string): Readonly<Record<string, string>> {
  const percent = 100n + (seasons[Number(month.slice(5, 7)) - 1] ?? 0n);
  return Object.fromEntries(
    Object.entries(usdPerTenThousand).map(([currency, usd]) => [
      currency,
      millionths(usd * percent),
    ]),
  );
}

const millionths = (value: bigint): string =>
  String(value)
    .padStart(7, '0')
    .replace(/(\d{6})$/, '.$1');
