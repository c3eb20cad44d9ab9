import { marketsOfCountry, type Program } from '../program/program.js';
import { isCountry } from '../shared/country.js';
import { type Malformed, malformed, oneOf } from '../shared/malformed.js';

/**
 * A country is one of ISO 3166-1, a CSP market or not (MARKET-1 judges that); a market code is one
 * of that country's.
 */
export function placeFault(
  program: Program,
  {
    country,
    marketCode,
  }: { readonly country: string; readonly marketCode?: string | null | undefined },
  path = '',
): Malformed | undefined {
  if (!isCountry(country))
    return malformed(`${path}/country`, { rule: 'enum', expected: 'country' });
  if (marketCode == null) return undefined;
  const codes = marketsOfCountry(program, country).map((market) => market.marketCode);
  if (codes.includes(marketCode)) return undefined;
  return malformed(
    `${path}/marketCode`,
    codes.length > 0 ? oneOf(codes) : { rule: 'enum', expected: 'no-market-code' },
  );
}

/**
 * The market code of a changed registration. Left out for another country it is cleared: the
 * recorded code belongs to the former country.
 */
export const statedMarketCode = (
  stated: { readonly country: string; readonly marketCode?: string | null },
  known: { readonly country: string },
): string | null | undefined =>
  stated.marketCode === undefined && stated.country !== known.country ? null : stated.marketCode;
