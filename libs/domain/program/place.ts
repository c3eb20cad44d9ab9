import { marketsOfCountry, type Program } from '../policy/program.js';
import { isCountry } from '../shared/country.js';

export interface PlaceFault {
  readonly code: 'malformed';
  readonly path: string;
  readonly rule: 'enum';
}

/** A country is one of ISO 3166-1, a CSP market or not (MARKET-1 judges that); a market code is one of that country's. */
export function placeFault(
  program: Program,
  { country, marketCode }: { readonly country: string; readonly marketCode?: string | null | undefined },
  path = '',
): PlaceFault | undefined {
  if (!isCountry(country)) return { code: 'malformed', path: `${path}/country`, rule: 'enum' };
  if (marketCode == null || marketsOfCountry(program, country).some((market) => market.marketCode === marketCode)) return undefined;
  return { code: 'malformed', path: `${path}/marketCode`, rule: 'enum' };
}

/**
 * The market code that a changed registration states. One of another country says nothing: left out, it goes with the country
 * that it belonged to.
 */
export const statedMarketCode = (
  stated: { readonly country: string; readonly marketCode?: string | null },
  known: { readonly country: string },
): string | null | undefined => (stated.marketCode === undefined && stated.country !== known.country ? null : stated.marketCode);
