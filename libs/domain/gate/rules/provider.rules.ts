import type { Case } from '../case/case.js';
import { providersToRead } from '../case/foreign-streams.js';
import { type Presence, presenceIn, presenceOf, shareRegion } from '../case/presence.js';
import { type Evidence, fail, notApplicable, pass, rule } from '../case/rule.js';
import { latestOn, type Partner } from '../../partner/partner.js';
import { holdsOn } from '../../shared/dated-fact.js';
import type { EventRef } from '../../shared/event.js';
import type { PartnerId } from '../../shared/ids.js';

export const SELLER_4 = rule(
  'SELLER-4',
  {
    en: 'An indirect reseller has a relationship with a Microsoft-authorized indirect provider in the CSP program.',
    ja: 'CSP プログラムにおける Microsoft 公認の間接プロバイダーとのリレーションシップ。',
  },
  (gateCase) => {
    if (gateCase.sellerModel?.model !== 'indirect-reseller') return notApplicable;

    const { order, seller, date } = gateCase;
    const candidates = providersToRead(order, seller, date).map((providerId) =>
      candidate(providerId, gateCase),
    );
    const related = candidates.filter(
      ({ relationship, inRegion }) => relationship !== undefined && inRegion,
    );
    if (related.length === 0)
      return fail('provider-relationship-missing', named(order.providerId), ...refsOf(candidates));

    const authorized = related.filter(({ authorization }) => authorization !== undefined);
    const [provider, ...others] = authorized;
    if (!provider)
      return fail('provider-not-authorized', { providerIds: idsOf(related) }, ...refsOf(related));
    if (others.length > 0)
      return fail('provider-ambiguous', { providerIds: idsOf(authorized) }, ...refsOf(authorized));

    return pass({ providerId: provider.providerId }, ...refsOf(authorized));
  },
);

interface Candidate {
  readonly providerId: PartnerId;
  /** The events of the relationship that day; absent: there is none. */
  readonly relationship: readonly EventRef[] | undefined;
  readonly inRegion: boolean;
  /** The events that authorize it as an indirect provider that day; absent: it is not. */
  readonly authorization: Evidence | undefined;
  readonly registration: EventRef | undefined;
}

function candidate(providerId: PartnerId, gateCase: Case): Candidate {
  const { seller, date } = gateCase;
  const provider = providerNamed(providerId, gateCase);
  return {
    providerId,
    relationship: seller.facts.providerRelationship.find(
      (fact) => fact.value.providerId === providerId && holdsOn(fact, date),
    )?.proofs,
    inRegion: inRegion(provider, gateCase),
    authorization: authorizationOf(provider, date),
    registration: provider.registration?.proof,
  };
}

/**
 * The relationship counts in the customer's region group if the seller is there too; if it is not
 * (SELLER-2 and MARKET-1 fail for that) or the market is unknown, in any region group that the two
 * have in common. An unregistered provider has no place: it fails as not authorized.
 */
function inRegion(provider: Partner, { market, sellerPresence, program, date }: Case): boolean {
  if (!provider.registration) return true;
  const providerPresence: readonly Presence[] = presenceOf(provider, program, date);
  if (market && presenceIn(sellerPresence, market.regionGroup))
    return presenceIn(providerPresence, market.regionGroup) !== undefined;
  return shareRegion(providerPresence, sellerPresence);
}

function authorizationOf(provider: Partner, date: string): Evidence | undefined {
  const model = provider.registration && latestOn(provider.models, date);
  if (model?.model !== 'indirect-provider') return undefined;
  const authorization = provider.facts.providerAuthorization.find((fact) => holdsOn(fact, date));
  return authorization && [model.proof, authorization.proofs];
}

function providerNamed(providerId: PartnerId, { facts, seller }: Case): Partner {
  const provider = providerId === seller.partnerId ? seller : facts.providers.get(providerId);
  // If a provider that was not read counted as unregistered, an order could be refused wrongly, and
  // the refusal is final.
  if (!provider) throw new Error(`the provider ${providerId} was not read`);
  return provider;
}

const named = (providerId: PartnerId | undefined): { readonly providerId: PartnerId } | 0 =>
  providerId === undefined ? 0 : { providerId };

const idsOf = (candidates: readonly Candidate[]): readonly string[] =>
  candidates.map(({ providerId }) => providerId).sort();

const refsOf = (candidates: readonly Candidate[]): Evidence =>
  candidates.flatMap(({ relationship, authorization, registration }) => [
    relationship,
    ...(authorization ?? [registration]),
  ]);
