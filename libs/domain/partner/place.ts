import { marketsOfCountry, type Program } from '../program/program.js';
import { isCountry } from '../shared/country.js';
import { type Malformed, malformed, oneOf } from '../shared/malformed.js';

/**
 * The country must be one of ISO 3166-1; MARKET-1 judges whether it is a CSP market. A market code
 * must be one of that country's.
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
 * The market code of a changed registration. If the country changes and no code is given, the code
 * is cleared, because it belongs to the former country.
 */
export const statedMarketCode = (
  stated: { readonly country: string; readonly marketCode?: string | null },
  known: { readonly country: string },
): string | null | undefined =>
  stated.marketCode === undefined && stated.country !== known.country ? null : stated.marketCode;
