import type { EventId, PartnerId, TenantId } from '../shared/ids.js';
import type { Dates, PartnerFactKind, PartnerFacts, PartnerModel } from './partner.js';

/** A dated fact that a client states: its kind, its fields and its dates. */
export type StatedFact = { [Kind in PartnerFactKind]: { readonly kind: Kind; readonly value: PartnerFacts[Kind] & Dates } }[PartnerFactKind];

export type PartnerCommand =
  | {
      readonly type: 'register-partner';
      readonly legalName: string;
      readonly country: string;
      /** `null` clears it; left out it is unchanged. */
      readonly marketCode?: string | null;
      readonly model: PartnerModel;
    }
  | { readonly type: 'start-model'; readonly model: PartnerModel; readonly from: string }
  | { readonly type: 'register-csp-tenant'; readonly tenantId: TenantId }
  | { readonly type: 'end-csp-tenant'; readonly tenantId: TenantId; readonly on: string; readonly reason: string }
  | { readonly type: 'start-fact'; readonly fact: StatedFact }
  | {
      readonly type: 'end-fact';
      readonly kind: PartnerFactKind;
      readonly on: string;
      readonly reason: string;
      readonly factId?: EventId;
      /** For provider relationships ended by the provider's name: only that provider's facts are looked at. */
      readonly providerId?: PartnerId;
    }
  | { readonly type: 'correct-fact'; readonly factId: EventId; readonly reason: string; readonly fact: StatedFact }
  | { readonly type: 'retract-fact'; readonly factId: EventId; readonly reason: string; readonly kind: PartnerFactKind }
  | { readonly type: 'authorize-direct-bill'; readonly from: string; readonly evidence: string }
  | {
      readonly type: 'change-direct-bill';
      readonly change: 'restriction' | 'suspension' | 'revocation' | 'restoration';
      readonly on: string;
      readonly reason: string;
    };

/** `malformed` is what only the record can tell to be malformed (an end before its start): the API answers it 400. */
export type PartnerRefusal =
  | { readonly code: 'partner-unknown' }
  | { readonly code: 'model-change-is-dated' }
  | { readonly code: 'country-unknown' }
  | { readonly code: 'market-unknown' }
  | { readonly code: 'not-an-indirect-provider' }
  | { readonly code: 'csp-tenant-not-registered' }
  | { readonly code: 'fact-unknown' }
  | { readonly code: 'fact-not-open' }
  | { readonly code: 'fact-ambiguous'; readonly factIds: readonly EventId[] }
  | { readonly code: 'direct-bill-not-authorized' }
  | { readonly code: 'malformed'; readonly path: string; readonly rule: 'range' | 'format' | 'enum' };
