import type { MarketRow, PublishedPolicy } from '../../program/program.js';
import type { Partner } from '../../partner/partner.js';
import { type DatedFact, holdsOn } from '../../shared/dated-fact.js';
import type { Presence } from './presence.js';
import { fail, type Finding, pass } from './rule.js';

/** Conditions of a registered partner that the order gate and the direct-bill rules share. */

export function activeMembership(
  { facts }: Partner,
  date: string,
): Finding<'seller-membership-inactive'> {
  const membership = inForce(facts.membership, date);
  if (!membership)
    return fail('seller-membership-inactive', { date }, facts.membership.at(-1)?.proofs);

  return pass(0, membership.proofs);
}

/**
 * A PartnerID for a location in the market's region group. The registered address does not count as
 * a PartnerID.
 */
export function locationInRegion(
  presence: readonly Presence[],
  { regionGroup, marketCode }: MarketRow,
): Finding<'seller-location-missing'> {
  const location = presence.find(
    (place) => place.partnerLocationId !== undefined && place.market.regionGroup === regionGroup,
  );
  if (!location?.partnerLocationId)
    return fail('seller-location-missing', { regionGroup, market: marketCode });

  return pass({ partnerLocationId: location.partnerLocationId, regionGroup }, location.proofs);
}

export function signingAuthority(
  { facts }: Partner,
  date: string,
): Finding<'seller-signing-authority-missing'> {
  const authority = inForce(facts.signingAuthority, date);
  if (!authority)
    return fail(
      'seller-signing-authority-missing',
      { date },
      facts.signingAuthority.at(-1)?.proofs,
    );

  return pass(0, authority.proofs);
}

export function activeSupportPlan(
  { facts }: Partner,
  { policy, proof }: PublishedPolicy,
  date: string,
): Finding<'support-plan-inactive'> {
  const plans = facts.supportPlan;
  const active = plans.find(
    (plan) => policy.supportPlans.includes(plan.value.plan) && holdsOn(plan, date),
  );
  if (!active)
    return fail(
      'support-plan-inactive',
      { date, plans: policy.supportPlans },
      plans.at(-1)?.proofs,
      proof,
    );

  return pass({ plan: active.value.plan }, active.proofs);
}

const inForce = <Value>(
  facts: readonly DatedFact<Value>[],
  date: string,
): DatedFact<Value> | undefined => facts.find((fact) => holdsOn(fact, date));
