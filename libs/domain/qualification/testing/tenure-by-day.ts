import { modelOn, type Partner } from '../../partner/partner.js';
import { addDays, addMonthsClamped } from '../../shared/calendar.js';
import { holdsOn } from '../../shared/dated-fact.js';
import type { PartnerId } from '../../shared/ids.js';
import type { Tenure, TenureQuestion } from '../tenure.js';

/**
 * Tenure a second time, slowly: day after day from the first one on, with the facts of that day
 * only.
 */
export function tenureByDay(
  partner: Partner,
  providers: ReadonlyMap<PartnerId, Partner>,
  first: string,
  { asOf, policy }: TenureQuestion,
): Omit<Tenure, 'reason'> {
  let since: string | undefined;
  let lastRan: string | undefined;
  let daysWithout = 0;
  for (let day = first; day <= asOf; day = addDays(day, 1)) {
    if (runsOn(partner, providers, day)) {
      since ??= day;
      lastRan = day;
      daysWithout = 0;
    } else {
      daysWithout += 1;
      if (daysWithout > policy.tenureGapDays) since = undefined;
    }
  }
  if (lastRan === undefined) return { status: 'not-started', months: 0 };
  if (since === undefined)
    return { status: 'interrupted', months: 0, interruptedOn: addDays(lastRan, 1) };

  let months = 0;
  while (addMonthsClamped(since, months + 1) <= asOf) months += 1;
  const satisfiedOn = addMonthsClamped(since, policy.tenureMonths);
  return {
    status: months >= policy.tenureMonths ? 'satisfied' : 'accruing',
    months,
    since,
    satisfiedOn,
  };
}

function runsOn(
  partner: Partner,
  providers: ReadonlyMap<PartnerId, Partner>,
  day: string,
): boolean {
  if (!partner.registration || modelOn(partner, day) !== 'indirect-reseller') return false;
  if (!partner.facts.membership.some((fact) => holdsOn(fact, day))) return false;
  return partner.facts.providerRelationship.some((relationship) => {
    const provider = providers.get(relationship.value.providerId);
    return (
      holdsOn(relationship, day) &&
      provider?.registration !== undefined &&
      modelOn(provider, day) === 'indirect-provider' &&
      provider.facts.providerAuthorization.some((fact) => holdsOn(fact, day))
    );
  });
}
