import { type EventRef, eventRef, type Recorded } from '../shared/event.js';
import type { PartnerId, TenantId } from '../shared/ids.js';
import {
  evolvePartnerFacts,
  noPartnerFacts,
  type PartnerFactEvent,
  type PartnerFacts,
} from './partner-facts.js';

export {
  type PartnerFactKind,
  type PartnerFacts,
  partnerFactNames,
  type ServiceKind,
  type SupportPlan,
} from './partner-facts.js';

export type PartnerModel = 'indirect-provider' | 'indirect-reseller' | 'direct-bill';

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
  | PartnerFactEvent
  | Recorded<'DirectBillAuthorizationStarted', { from: string; evidence: string }>
  | Recorded<'DirectBillAuthorizationRestricted', { on: string; reason: string }>
  | Recorded<'DirectBillAuthorizationSuspended', { on: string; reason: string }>
  | Recorded<'DirectBillAuthorizationRevoked', { on: string; reason: string }>
  | Recorded<'DirectBillAuthorizationRestored', { on: string; reason: string }>
  | Recorded<'PersonalDataErased', { subject: string; generation: number }>;

/**
 * The state of a direct-bill authorization from a day on; `authorized` again after a restoration.
 */
export type DirectBillStatus = 'authorized' | 'restricted' | 'suspended' | 'revoked';

/** The state of a partner's stream. Plain data, because it is cached and stored in snapshots. */
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
  readonly facts: PartnerFacts;
  /** In the log's order; on a day the latest `from` wins, then the last in the log. */
  readonly directBill: readonly {
    readonly status: DirectBillStatus;
    readonly from: string;
    readonly proof: EventRef;
  }[];
  /** Key generations whose personal data has been erased. */
  readonly erased: readonly number[];
}

/** The state before the first event of the stream. */
export const unknownPartner = (partnerId: PartnerId): Partner => ({
  partnerId,
  models: [],
  cspTenants: [],
  facts: noPartnerFacts,
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
      return { ...partner, facts: evolvePartnerFacts(partner.facts, event) };
  }
}

/** The model that a partner sells by on a date; undefined while it is not registered. */
export const modelOn = (partner: Partner, date: string): PartnerModel | undefined =>
  latestOn(partner.models, date)?.model;

/** The state of the direct-bill authorization on a date; undefined before the first one. */
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
