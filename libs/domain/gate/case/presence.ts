import type { MarketRow } from '../../program/program.js';
import type { Partner } from '../../partner/partner.js';
import type { EventRef } from '../../shared/event.js';
import { holdsOn } from '../../shared/dated-fact.js';
import type { ProgramIndex } from './program-index.js';

/**
 * A market in which a partner is present: by its registration, or by a location (a PartnerID) in
 * force.
 */
export interface Presence {
  readonly market: MarketRow;
  /** Absent: the market in which the partner is registered. */
  readonly partnerLocationId?: string;
  readonly proofs: EventRef | readonly EventRef[];
}

export function presenceOf(
  { registration, facts }: Partner,
  program: ProgramIndex,
  date: string,
): readonly Presence[] {
  if (!registration) return NOWHERE;
  const presence: Presence[] = [];
  const registered = program.marketOf(registration.country, registration.marketCode);
  if (registered) presence.push({ market: registered, proofs: registration.proof });
  for (const location of facts.location) {
    if (!holdsOn(location, date)) continue;
    const market = program.marketOf(location.value.country, location.value.marketCode);
    if (market)
      presence.push({
        market,
        partnerLocationId: location.value.partnerLocationId,
        proofs: location.proofs,
      });
  }
  return presence;
}

export const presenceIn = (
  presence: readonly Presence[],
  regionGroup: string,
): Presence | undefined => presence.find(({ market }) => market.regionGroup === regionGroup);

export const shareRegion = (one: readonly Presence[], other: readonly Presence[]): boolean =>
  one.some(({ market }) => presenceIn(other, market.regionGroup) !== undefined);

const NOWHERE: readonly Presence[] = [];
