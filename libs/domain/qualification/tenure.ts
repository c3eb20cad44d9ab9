import type { Policy } from '../program/policy.js';
import { modelOn, type Partner } from '../partner/partner.js';
import { addDays, addMonthsClamped, daysBetween } from '../shared/calendar.js';
import { type DatedFact, holdsOn } from '../shared/dated-fact.js';
import type { PartnerId } from '../shared/ids.js';
import { bridged, intersection, type Spans, spansOfLatest, unionOf } from './spans.js';

/** Tenure runs on a day on which all of these hold; the first missing one is reported. */
export type TenureCondition =
  'model' | 'membership' | 'provider-relationship' | 'provider-authorization';

export interface Tenure {
  readonly status: 'not-started' | 'accruing' | 'satisfied' | 'interrupted';
  /** Whole months from the start of the current unbroken run; 0 when there is none. */
  readonly months: number;
  /** First day of the current unbroken run. */
  readonly since?: string;
  /** The day on which the run is or was long enough, if it continues. */
  readonly satisfiedOn?: string;
  /** The first day on which it no longer ran. */
  readonly interruptedOn?: string;
  /** The condition that was not met on that day. */
  readonly reason?: TenureCondition;
}

export interface TenureQuestion {
  readonly asOf: string;
  /** The policy in force on `asOf`. */
  readonly policy: Pick<Policy, 'tenureMonths' | 'tenureGapDays'>;
}

/**
 * The providers that tenure depends on: every one that a relationship was ever stated with, each
 * once.
 */
export const providersOfTenure = (partner: Partner): readonly PartnerId[] => [
  ...new Set(
    partner.facts.providerRelationship
      .filter(({ retracted }) => !retracted)
      .map(({ value }) => value.providerId),
  ),
];

/**
 * How long a partner has been an indirect reseller with an active membership and an authorized
 * provider (DIRECT-2). Only facts dated on or before `asOf` count. A gap neither breaks nor
 * interrupts the run until it is longer than the policy's days: so a day's answer never depends on
 * whether a gap at its end will be closed in time.
 */
export function tenureOf(
  partner: Partner,
  providers: ReadonlyMap<PartnerId, Partner>,
  { asOf, policy }: TenureQuestion,
): Tenure {
  const running = intersection(daysOfTenure(partner, providers), [
    { from: '0001-01-01', to: asOf },
  ]);
  const run = bridged(running, policy.tenureGapDays).at(-1);
  if (!run) return { status: 'not-started', months: 0 };
  if (daysBetween(run.to, asOf) > policy.tenureGapDays) {
    const interruptedOn = addDays(run.to, 1);
    return {
      status: 'interrupted',
      months: 0,
      interruptedOn,
      reason: missingOn(partner, interruptedOn),
    };
  }
  const satisfiedOn = addMonthsClamped(run.from, policy.tenureMonths);
  return {
    status: satisfiedOn <= asOf ? 'satisfied' : 'accruing',
    months: wholeMonths(run.from, asOf),
    since: run.from,
    satisfiedOn,
  };
}

/** The days on which tenure runs, for any date. */
export function daysOfTenure(partner: Partner, providers: ReadonlyMap<PartnerId, Partner>): Spans {
  // A registered partner is registered on every day.
  if (!partner.registration) return [];
  const reseller = spansOfLatest(partner.models, ({ model }) => model === 'indirect-reseller');
  const member = unionOf(notRetracted(partner.facts.membership));
  return intersection(intersection(reseller, member), daysWithProvider(partner, providers));
}

/**
 * On each day any one relationship with an authorized provider is enough: the providers may follow
 * each other.
 */
function daysWithProvider(partner: Partner, providers: ReadonlyMap<PartnerId, Partner>): Spans {
  const authorized = new Map(
    providersOfTenure(partner).map((id) => [
      id,
      daysAuthorized(providerNamed(id, partner, providers)),
    ]),
  );
  return unionOf(
    notRetracted(partner.facts.providerRelationship).flatMap((relationship) =>
      intersection(unionOf([relationship]), authorized.get(relationship.value.providerId) ?? []),
    ),
  );
}

function daysAuthorized(provider: Partner): Spans {
  if (!provider.registration) return [];
  const isProvider = spansOfLatest(provider.models, ({ model }) => model === 'indirect-provider');
  return intersection(isProvider, unionOf(notRetracted(provider.facts.providerAuthorization)));
}

function missingOn(partner: Partner, date: string): TenureCondition {
  if (modelOn(partner, date) !== 'indirect-reseller') return 'model';
  if (!partner.facts.membership.some((fact) => holdsOn(fact, date))) return 'membership';
  const isRelated = partner.facts.providerRelationship.some((fact) => holdsOn(fact, date));
  return isRelated ? 'provider-authorization' : 'provider-relationship';
}

/**
 * How many months have passed: *n* from the day start + *n* months on, clamped to the month's last
 * day.
 */
export function wholeMonths(from: string, to: string): number {
  const months =
    (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
    Number(to.slice(5, 7)) -
    Number(from.slice(5, 7));
  return Math.max(addMonthsClamped(from, months) <= to ? months : months - 1, 0);
}

function providerNamed(
  id: PartnerId,
  partner: Partner,
  providers: ReadonlyMap<PartnerId, Partner>,
): Partner {
  const provider = id === partner.partnerId ? partner : providers.get(id);
  // A provider that was not read is a defect: treating it as unauthorized would end the tenure
  // wrongly.
  if (!provider) throw new Error(`the provider ${id} was not read`);
  return provider;
}

const notRetracted = <Value>(facts: readonly DatedFact<Value>[]): readonly DatedFact<Value>[] =>
  facts.filter(({ retracted }) => !retracted);
