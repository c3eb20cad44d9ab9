import { addDays, utcDate } from '../shared/calendar.js';
import type { AgreementVersion, MarketRow, Program, PublishedPolicy } from './program.js';

/**
 * The policy in force on a date: the one with the latest `effectiveFrom` up to it; of several, the
 * last in the log.
 */
export function policyOn(program: Program, date: string): PublishedPolicy | undefined {
  let inForce: PublishedPolicy | undefined;
  for (const policy of program.policies) {
    if (policy.effectiveFrom <= date && policy.effectiveFrom >= (inForce?.effectiveFrom ?? ''))
      inForce = policy;
  }
  return inForce;
}

/**
 * The same for a log after its first append, which has a policy in force from the first day of the
 * calendar.
 */
export function requiredPolicyOn(program: Program, date: string): PublishedPolicy {
  const policy = policyOn(program, date);
  if (!policy) throw new Error(`no policy is in force on ${date}`);
  return policy;
}

/**
 * Whether a version of the agreement can be signed on a date: from its `from` to the last day on
 * which it is accepted.
 */
export const isInForceOn = (
  { from, acceptedUntil }: Pick<AgreementVersion, 'from' | 'acceptedUntil'>,
  date: string,
): boolean => from <= date && (acceptedUntil === undefined || date <= acceptedUntil);

/**
 * The version to sign on a date: of those in force the one with the latest `from`; of several, the
 * last in the log.
 */
export function agreementVersionOn(program: Program, date: string): AgreementVersion | undefined {
  let latest: AgreementVersion | undefined;
  for (const version of program.agreementVersions) {
    if (isInForceOn(version, date) && version.from >= (latest?.from ?? '')) latest = version;
  }
  return latest;
}

/** The day before the first one that a log can start: that of its creation is the first. */
export function dayBeforeFirst({ log }: Program): string {
  if (!log) throw new Error('a log begins with LogCreated');
  return addDays(utcDate(log.createdAt), -1);
}

/** A country's markets in the source's order. */
export const marketsOfCountry = (program: Program, country: string): readonly MarketRow[] =>
  marketsByCountry(program.markets).get(country) ?? [];

/** The named market, if it belongs to the country; otherwise the country's first market. */
export function marketOf(
  program: Program,
  country: string,
  marketCode?: string,
): MarketRow | undefined {
  if (marketCode === undefined) return marketsOfCountry(program, country)[0];
  const market = program.markets.get(marketCode);
  return market?.country === country ? market : undefined;
}

/**
 * The languages in which the customer agreement's template exists for a country's market. Some
 * countries have templates although they are not CSP markets (Belarus, Russia); for those the key
 * is the country's own code.
 */
export function templateLanguages(
  program: Program,
  country: string,
  marketCode?: string,
): readonly string[] {
  const key =
    marketOf(program, country, marketCode)?.marketCode ??
    (marketCode === undefined ? country : undefined);
  return (key !== undefined && program.agreementLocales.get(key)?.languages) || [];
}

// Every judgement looks up a market by country, so the index is derived once for each publication.
const indexes = new WeakMap<Program['markets'], ReadonlyMap<string, readonly MarketRow[]>>();

function marketsByCountry(markets: Program['markets']): ReadonlyMap<string, readonly MarketRow[]> {
  const known = indexes.get(markets);
  if (known) return known;
  const index = Map.groupBy(markets.values(), ({ country }) => country);
  indexes.set(markets, index);
  return index;
}
