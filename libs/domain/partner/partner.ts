import {
  correctFact,
  type DatedFact,
  type Dates,
  endFact,
  type FactCorrection,
  type FactEnd,
  startFact,
} from '../shared/dated-fact.js';
import { type EventRef, eventRef, type Recorded, unreachable } from '../shared/event.js';
import type { PartnerId, TenantId } from '../shared/ids.js';
import type { Sealed } from '../shared/sealed.js';

export type PartnerModel = 'indirect-provider' | 'indirect-reseller' | 'direct-bill';
export type SupportPlan = 'advanced' | 'premier';
export type ServiceKind = 'managed-service' | 'ip-service' | 'customer-solution';

/**
 * The kinds of dated facts that a partner's record holds, each with its fields beside the dates.
 */
export interface PartnerFacts {
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
export type PartnerFactKind = keyof PartnerFacts;

/** What the three events of each kind of fact begin with. */
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

export type { Dates, FactCorrection, FactEnd } from '../shared/dated-fact.js';

type FactEvent<Kind extends PartnerFactKind> = Kind extends PartnerFactKind
  ? | Recorded<`${FactNames[Kind]}Started`, PartnerFacts[Kind] & Dates>
    | Recorded<`${FactNames[Kind]}Ended`, FactEnd>
    | Recorded<`${FactNames[Kind]}Corrected`, FactCorrection<PartnerFacts[Kind]>>
  : never;

export type PartnerEvent =
  | Recorded<
      'PartnerRegistered',
      {
        partnerId: PartnerId;
        legalName: string;
        country: string;
        marketCode?: string;
        model: PartnerModel;
      }
    >
  | Recorded<
      'PartnerDetailsChanged',
      { legalName?: string; country?: string; marketCode?: string | null }
    >
  | Recorded<'PartnerModelStarted', { model: PartnerModel; from: string }>
  | Recorded<'PartnerCspTenantRegistered', { tenantId: TenantId }>
  | Recorded<'PartnerCspTenantEnded', { tenantId: TenantId; on: string; reason: string }>
  | FactEvent<PartnerFactKind>
  | Recorded<'DirectBillAuthorizationStarted', { from: string; evidence: string }>
  | Recorded<'DirectBillAuthorizationRestricted', { on: string; reason: string }>
  | Recorded<'DirectBillAuthorizationSuspended', { on: string; reason: string }>
  | Recorded<'DirectBillAuthorizationRevoked', { on: string; reason: string }>
  | Recorded<'DirectBillAuthorizationRestored', { on: string; reason: string }>
  | Recorded<'PersonalDataErased', { subject: string; generation: number }>;

/** What direct billing may do from a day on. `authorized` again after a restoration. */
export type DirectBillStatus = 'authorized' | 'restricted' | 'suspended' | 'revoked';

/** A partner as its stream tells it. Plain data: it is cached, and kept in snapshots. */
export interface Partner {
  readonly partnerId: PartnerId;
  /** Absent until `PartnerRegistered`. */
  readonly registration?: {
    readonly legalName: string;
    readonly country: string;
    readonly marketCode?: string;
    readonly proof: EventRef;
  };
  /**
   * In the log's order; the first has no `from` and holds from the beginning. On a day the latest
   * `from` wins, then the last in the log.
   */
  readonly models: readonly {
    readonly model: PartnerModel;
    readonly from?: string;
    readonly proof: EventRef;
  }[];
  /**
   * Tenants that this partner registered as its CSP tenants; `endedOn` is the first day on which
   * one no longer is.
   */
  readonly cspTenants: readonly {
    readonly tenantId: TenantId;
    readonly endedOn?: string;
    readonly proof: EventRef;
  }[];
  readonly facts: { readonly [Kind in PartnerFactKind]: readonly DatedFact<PartnerFacts[Kind]>[] };
  /** In the log's order; on a day the latest `from` wins, then the last in the log. */
  readonly directBill: readonly {
    readonly status: DirectBillStatus;
    readonly from: string;
    readonly proof: EventRef;
  }[];
  /** Key generations whose personal data has been erased. */
  readonly erased: readonly number[];
}

/** What is known of a partner before the first event of its stream. */
export const unknownPartner = (partnerId: PartnerId): Partner => ({
  partnerId,
  models: [],
  cspTenants: [],
  facts: {
    location: [],
    membership: [],
    signingAuthority: [],
    providerAuthorization: [],
    providerRelationship: [],
    supportPlan: [],
    service: [],
  },
  directBill: [],
  erased: [],
});

export function evolvePartner(partner: Partner, event: PartnerEvent): Partner {
  switch (event.type) {
    case 'PartnerRegistered':
      return registered(partner, event);
    case 'PartnerDetailsChanged':
      return detailsChanged(partner, event);
    case 'PartnerModelStarted':
      return { ...partner, models: [...partner.models, { ...event.data, proof: eventRef(event) }] };
    case 'PartnerCspTenantRegistered':
      return {
        ...partner,
        cspTenants: [
          ...partner.cspTenants,
          { tenantId: event.data.tenantId, proof: eventRef(event) },
        ],
      };
    case 'PartnerCspTenantEnded':
      return { ...partner, cspTenants: partner.cspTenants.map((tenant) => ended(tenant, event)) };
    case 'PartnerLocationStarted':
      return withFacts(partner, 'location', startFact(partner.facts.location, event));
    case 'PartnerLocationEnded':
      return withFacts(partner, 'location', endFact(partner.facts.location, event));
    case 'PartnerLocationCorrected':
      return withFacts(partner, 'location', correctFact(partner.facts.location, event));
    case 'PartnerMembershipStarted':
      return withFacts(partner, 'membership', startFact(partner.facts.membership, event));
    case 'PartnerMembershipEnded':
      return withFacts(partner, 'membership', endFact(partner.facts.membership, event));
    case 'PartnerMembershipCorrected':
      return withFacts(partner, 'membership', correctFact(partner.facts.membership, event));
    case 'PartnerSigningAuthorityStarted':
      return withFacts(
        partner,
        'signingAuthority',
        startFact(partner.facts.signingAuthority, event),
      );
    case 'PartnerSigningAuthorityEnded':
      return withFacts(partner, 'signingAuthority', endFact(partner.facts.signingAuthority, event));
    case 'PartnerSigningAuthorityCorrected':
      return withFacts(
        partner,
        'signingAuthority',
        correctFact(partner.facts.signingAuthority, event),
      );
    case 'PartnerProviderAuthorizationStarted':
      return withFacts(
        partner,
        'providerAuthorization',
        startFact(partner.facts.providerAuthorization, event),
      );
    case 'PartnerProviderAuthorizationEnded':
      return withFacts(
        partner,
        'providerAuthorization',
        endFact(partner.facts.providerAuthorization, event),
      );
    case 'PartnerProviderAuthorizationCorrected':
      return withFacts(
        partner,
        'providerAuthorization',
        correctFact(partner.facts.providerAuthorization, event),
      );
    case 'PartnerProviderRelationshipStarted':
      return withFacts(
        partner,
        'providerRelationship',
        startFact(partner.facts.providerRelationship, event),
      );
    case 'PartnerProviderRelationshipEnded':
      return withFacts(
        partner,
        'providerRelationship',
        endFact(partner.facts.providerRelationship, event),
      );
    case 'PartnerProviderRelationshipCorrected':
      return withFacts(
        partner,
        'providerRelationship',
        correctFact(partner.facts.providerRelationship, event),
      );
    case 'PartnerSupportPlanStarted':
      return withFacts(partner, 'supportPlan', startFact(partner.facts.supportPlan, event));
    case 'PartnerSupportPlanEnded':
      return withFacts(partner, 'supportPlan', endFact(partner.facts.supportPlan, event));
    case 'PartnerSupportPlanCorrected':
      return withFacts(partner, 'supportPlan', correctFact(partner.facts.supportPlan, event));
    case 'PartnerServiceStarted':
      return withFacts(partner, 'service', startFact(partner.facts.service, event));
    case 'PartnerServiceEnded':
      return withFacts(partner, 'service', endFact(partner.facts.service, event));
    case 'PartnerServiceCorrected':
      return withFacts(partner, 'service', correctFact(partner.facts.service, event));
    case 'DirectBillAuthorizationStarted':
      return directBill(partner, 'authorized', event.data.from, event);
    case 'DirectBillAuthorizationRestricted':
      return directBill(partner, 'restricted', event.data.on, event);
    case 'DirectBillAuthorizationSuspended':
      return directBill(partner, 'suspended', event.data.on, event);
    case 'DirectBillAuthorizationRevoked':
      return directBill(partner, 'revoked', event.data.on, event);
    case 'DirectBillAuthorizationRestored':
      return directBill(partner, 'authorized', event.data.on, event);
    case 'PersonalDataErased':
      return partner.erased.includes(event.data.generation)
        ? partner
        : { ...partner, erased: [...partner.erased, event.data.generation] };
    default:
      return unreachable(event);
  }
}

/** The model that a partner sells by on a date; undefined while it is not registered. */
export const modelOn = (partner: Partner, date: string): PartnerModel | undefined =>
  latestOn(partner.models, date)?.model;

/** What direct billing may do on a date; undefined before any authorization. */
export const directBillStatusOn = (partner: Partner, date: string): DirectBillStatus | undefined =>
  latestOn(partner.directBill, date)?.status;

type EventOf<Type extends PartnerEvent['type']> = Extract<PartnerEvent, { type: Type }>;

function registered(partner: Partner, event: EventOf<'PartnerRegistered'>): Partner {
  const { partnerId, model, ...details } = event.data;
  const proof = eventRef(event);
  return {
    ...partner,
    partnerId,
    registration: { ...details, proof },
    models: [{ model, proof }, ...partner.models],
  };
}

function detailsChanged(partner: Partner, event: EventOf<'PartnerDetailsChanged'>): Partner {
  if (!partner.registration) return partner;
  const { marketCode: before, ...registration } = partner.registration;
  const { marketCode = before, ...changes } = event.data;
  return {
    ...partner,
    registration: { ...registration, ...changes, ...(marketCode != null && { marketCode }) },
  };
}

const ended = (
  tenant: Partner['cspTenants'][number],
  { data }: EventOf<'PartnerCspTenantEnded'>,
): Partner['cspTenants'][number] =>
  tenant.tenantId === data.tenantId && tenant.endedOn === undefined
    ? { ...tenant, endedOn: data.on }
    : tenant;

const withFacts = <Kind extends PartnerFactKind>(
  partner: Partner,
  kind: Kind,
  facts: Partner['facts'][Kind],
): Partner => ({
  ...partner,
  facts: { ...partner.facts, [kind]: facts },
});

const directBill = (
  partner: Partner,
  status: DirectBillStatus,
  from: string,
  event: PartnerEvent,
): Partner => ({
  ...partner,
  directBill: [...partner.directBill, { status, from, proof: eventRef(event) }],
});

/** On a day the latest `from` wins, then the last in the log. */
export function latestOn<Entry extends { readonly from?: string }>(
  entries: readonly Entry[],
  date: string,
): Entry | undefined {
  let latest: Entry | undefined;
  for (const entry of entries) {
    const from = entry.from ?? '';
    if (from <= date && from >= (latest?.from ?? '')) latest = entry;
  }
  return latest;
}
