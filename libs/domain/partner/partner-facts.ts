import {
  correctFact,
  type DatedFact,
  type Dates,
  endFact,
  type FactCorrection,
  type FactEnd,
  startFact,
} from '../shared/dated-fact.js';
import { type Recorded, unreachable } from '../shared/event.js';
import type { PartnerId } from '../shared/ids.js';
import type { Sealed } from '../shared/sealed.js';

export type SupportPlan = 'advanced' | 'premier';
export type ServiceKind = 'managed-service' | 'ip-service' | 'customer-solution';

/** The kinds of dated facts of a partner, each with its fields beside the dates. */
export interface PartnerFactValues {
  location: {
    readonly partnerLocationId: string;
    readonly country: string;
    readonly marketCode?: string;
  };
  membership: Record<never, never>;
  signingAuthority: { readonly name: Sealed; readonly title: string };
  providerAuthorization: Record<never, never>;
  providerRelationship: { readonly providerId: PartnerId };
  supportPlan: { readonly plan: SupportPlan };
  service: { readonly kind: ServiceKind; readonly name: string };
}
export type PartnerFactKind = keyof PartnerFactValues;

/** The prefix of the three events of each kind: `Started`, `Ended` and `Corrected` follow it. */
export const partnerFactNames = {
  location: 'PartnerLocation',
  membership: 'PartnerMembership',
  signingAuthority: 'PartnerSigningAuthority',
  providerAuthorization: 'PartnerProviderAuthorization',
  providerRelationship: 'PartnerProviderRelationship',
  supportPlan: 'PartnerSupportPlan',
  service: 'PartnerService',
} as const satisfies Record<PartnerFactKind, string>;
type FactNames = typeof partnerFactNames;

export type PartnerFactEvent<Kind extends PartnerFactKind = PartnerFactKind> =
  Kind extends PartnerFactKind
    ? | Recorded<`${FactNames[Kind]}Started`, PartnerFactValues[Kind] & Dates>
      | Recorded<`${FactNames[Kind]}Ended`, FactEnd>
      | Recorded<`${FactNames[Kind]}Corrected`, FactCorrection<PartnerFactValues[Kind]>>
    : never;

/** The facts on record, by kind. */
export type PartnerFacts = {
  readonly [Kind in PartnerFactKind]: readonly DatedFact<PartnerFactValues[Kind]>[];
};

export const noPartnerFacts: PartnerFacts = {
  location: [],
  membership: [],
  signingAuthority: [],
  providerAuthorization: [],
  providerRelationship: [],
  supportPlan: [],
  service: [],
};

export function evolvePartnerFacts(facts: PartnerFacts, event: PartnerFactEvent): PartnerFacts {
  switch (event.type) {
    case 'PartnerLocationStarted':
      return withFacts(facts, 'location', startFact(facts.location, event));
    case 'PartnerLocationEnded':
      return withFacts(facts, 'location', endFact(facts.location, event));
    case 'PartnerLocationCorrected':
      return withFacts(facts, 'location', correctFact(facts.location, event));
    case 'PartnerMembershipStarted':
      return withFacts(facts, 'membership', startFact(facts.membership, event));
    case 'PartnerMembershipEnded':
      return withFacts(facts, 'membership', endFact(facts.membership, event));
    case 'PartnerMembershipCorrected':
      return withFacts(facts, 'membership', correctFact(facts.membership, event));
    case 'PartnerSigningAuthorityStarted':
      return withFacts(facts, 'signingAuthority', startFact(facts.signingAuthority, event));
    case 'PartnerSigningAuthorityEnded':
      return withFacts(facts, 'signingAuthority', endFact(facts.signingAuthority, event));
    case 'PartnerSigningAuthorityCorrected':
      return withFacts(facts, 'signingAuthority', correctFact(facts.signingAuthority, event));
    case 'PartnerProviderAuthorizationStarted':
      return withFacts(
        facts,
        'providerAuthorization',
        startFact(facts.providerAuthorization, event),
      );
    case 'PartnerProviderAuthorizationEnded':
      return withFacts(facts, 'providerAuthorization', endFact(facts.providerAuthorization, event));
    case 'PartnerProviderAuthorizationCorrected':
      return withFacts(
        facts,
        'providerAuthorization',
        correctFact(facts.providerAuthorization, event),
      );
    case 'PartnerProviderRelationshipStarted':
      return withFacts(facts, 'providerRelationship', startFact(facts.providerRelationship, event));
    case 'PartnerProviderRelationshipEnded':
      return withFacts(facts, 'providerRelationship', endFact(facts.providerRelationship, event));
    case 'PartnerProviderRelationshipCorrected':
      return withFacts(
        facts,
        'providerRelationship',
        correctFact(facts.providerRelationship, event),
      );
    case 'PartnerSupportPlanStarted':
      return withFacts(facts, 'supportPlan', startFact(facts.supportPlan, event));
    case 'PartnerSupportPlanEnded':
      return withFacts(facts, 'supportPlan', endFact(facts.supportPlan, event));
    case 'PartnerSupportPlanCorrected':
      return withFacts(facts, 'supportPlan', correctFact(facts.supportPlan, event));
    case 'PartnerServiceStarted':
      return withFacts(facts, 'service', startFact(facts.service, event));
    case 'PartnerServiceEnded':
      return withFacts(facts, 'service', endFact(facts.service, event));
    case 'PartnerServiceCorrected':
      return withFacts(facts, 'service', correctFact(facts.service, event));
    default:
      return unreachable(event);
  }
}

const withFacts = <Kind extends PartnerFactKind>(
  facts: PartnerFacts,
  kind: Kind,
  ofKind: PartnerFacts[Kind],
): PartnerFacts => ({ ...facts, [kind]: ofKind });
