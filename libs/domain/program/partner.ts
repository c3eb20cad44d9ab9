import type { DatedFact } from '../shared/dated-fact.js';
import type { Proof, Recorded } from '../shared/event.js';
import type { EventId, PartnerId, TenantId } from '../shared/ids.js';
import type { Sealed } from '../shared/sealed.js';

export type PartnerModel = 'indirect-provider' | 'indirect-reseller' | 'direct-bill';
export type SupportPlan = 'advanced' | 'premier';
export type ServiceKind = 'managed-service' | 'ip-service' | 'customer-solution';

/** The kinds of dated facts that a partner's record holds, each with its fields beside the dates. */
export interface PartnerFacts {
  location: { readonly partnerLocationId: string; readonly country: string; readonly marketCode?: string };
  membership: Record<never, never>;
  signingAuthority: { readonly name: Sealed; readonly title: string };
  providerAuthorization: Record<never, never>;
  providerRelationship: { readonly providerId: PartnerId };
  supportPlan: { readonly plan: SupportPlan };
  service: { readonly kind: ServiceKind; readonly name: string };
}
export type PartnerFactKind = keyof PartnerFacts;

interface FactNames {
  location: 'PartnerLocation';
  membership: 'PartnerMembership';
  signingAuthority: 'PartnerSigningAuthority';
  providerAuthorization: 'PartnerProviderAuthorization';
  providerRelationship: 'PartnerProviderRelationship';
  supportPlan: 'PartnerSupportPlan';
  service: 'PartnerService';
}

export interface Dates {
  readonly from?: string;
  readonly to?: string;
}
export interface FactEnd {
  readonly factId: EventId;
  readonly on: string;
  readonly reason: string;
}
export type FactCorrection<Value> = {
  readonly factId: EventId;
  readonly reason: string;
} & ({ readonly value: Value & Dates } | { readonly retracted: true });

type FactEvent<Kind extends PartnerFactKind> = Kind extends PartnerFactKind
  ?
      | Recorded<`${FactNames[Kind]}Started`, PartnerFacts[Kind] & Dates>
      | Recorded<`${FactNames[Kind]}Ended`, FactEnd>
      | Recorded<`${FactNames[Kind]}Corrected`, FactCorrection<PartnerFacts[Kind]>>
  : never;

export type PartnerEvent =
  | Recorded<
      'PartnerRegistered',
      { partnerId: PartnerId; legalName: string; country: string; marketCode?: string; model: PartnerModel }
    >
  | Recorded<'PartnerDetailsChanged', { legalName?: string; country?: string; marketCode?: string | null }>
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
    readonly proof: Proof;
  };
  /** In the log's order; the first has no `from` and holds from the beginning. On a day the latest `from` wins, then the last in the log. */
  readonly models: readonly { readonly model: PartnerModel; readonly from?: string; readonly proof: Proof }[];
  /** Tenants that this partner registered as its CSP tenants; `endedOn` is the first day on which one no longer is. */
  readonly cspTenants: readonly { readonly tenantId: TenantId; readonly endedOn?: string; readonly proof: Proof }[];
  readonly facts: { readonly [Kind in PartnerFactKind]: readonly DatedFact<PartnerFacts[Kind]>[] };
  /** In the log's order; on a day the latest `from` wins, then the last in the log. */
  readonly directBill: readonly { readonly status: DirectBillStatus; readonly from: string; readonly proof: Proof }[];
  /** Key generations whose personal data has been erased. */
  readonly erased: readonly number[];
}
