import type { StoredDecision } from '../order/stored-decision.js';
import type { OrderDecided } from '../order/order-decided.js';
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
import type { OrderId, PartnerId, TenantId } from '../shared/ids.js';
import type { Money } from '../shared/money.js';
import type { Sealed } from '../shared/sealed.js';
import { type RecentOrder, withOrder } from './recent-orders.js';
import { evolveScopeGrants, type RecordedBy, type ScopeGrant } from './scope-grant.js';

export type { OrderDecided } from '../order/order-decided.js';

export type AgreementMethod = 'partner-attested' | 'customer-accepted';
/** A special qualification of a customer; none makes a commercial customer. */
export type Qualification = 'nonprofit' | 'education' | 'gcc' | 'stateOwnedEntity';

export type CustomerEvent =
  | Recorded<
      'CustomerRegistered',
      {
        tenantId: TenantId;
        legalName: string;
        country: string;
        marketCode?: string;
        domain?: string;
        language?: string;
        qualifications: readonly Qualification[];
        creditLimit?: Money;
      }
    >
  | Recorded<
      'CustomerDetailsChanged',
      {
        legalName?: string;
        country?: string;
        marketCode?: string | null;
        domain?: string | null;
        language?: string | null;
        qualifications?: readonly Qualification[];
        creditLimit?: Money | null;
      }
    >
  | Recorded<
      'CustomerAgreementSigned',
      {
        signedOn: string;
        country: string;
        language: string;
        version: string;
        signatory: Sealed;
        method: AgreementMethod;
      }
    >
  | Recorded<'CustomerAgreementWithdrawn', { on: string; reason: string }>
  | Recorded<
      'TenantCspAssociationObserved',
      { associated: boolean; observedOn: string; source: string }
    >
  | Recorded<'TenantCspAssociationRegistered', { partnerId: PartnerId }>
  | Recorded<
      'TenantCspAssociationRegistrationEnded',
      { partnerId: PartnerId; on: string; reason: string }
    >
  | Recorded<
      'CustomerPartnerRelationshipStarted',
      { partnerId: PartnerId; recordedBy?: RecordedBy } & Dates
    >
  | Recorded<'CustomerPartnerRelationshipEnded', FactEnd>
  | Recorded<
      'CustomerPartnerRelationshipCorrected',
      FactCorrection<{ partnerId: PartnerId }> & { recordedBy?: RecordedBy }
    >
  | Recorded<'CustomerClosed', { on: string; reason: string }>
  | Recorded<'OrderPlaced', OrderDecided>
  | Recorded<'OrderRefused', OrderDecided>
  | Recorded<'OrderVoided', { orderId: OrderId; decision: StoredDecision }>
  | Recorded<'OrderCancelled', { orderId: OrderId; on: string; reason: string }>
  | Recorded<'PersonalDataErased', { subject: string; generation: number }>;

export interface Agreement {
  readonly signedOn: string;
  readonly country: string;
  readonly language: string;
  readonly version: string;
  readonly method: AgreementMethod;
  readonly signatory: Sealed;
  /**
   * The first day on which it is no longer in force. A withdrawal ends all agreements on record at
   * that time. Signing again starts a new one.
   */
  readonly withdrawnOn?: string;
  /** The signing, and the withdrawal if there was one. */
  readonly proofs: readonly EventRef[];
}

/**
 * The state of a customer's stream. Plain data, because it is cached and stored in snapshots. It
 * does not grow with orders: it keeps only the last ones.
 */
export interface Customer {
  readonly tenantId: TenantId;
  /** Absent until `CustomerRegistered`: the stream may begin before its customer. */
  readonly registration?: {
    readonly legalName: string;
    readonly country: string;
    readonly marketCode?: string;
    readonly domain?: string;
    readonly language?: string;
    readonly qualifications: readonly Qualification[];
    readonly creditLimit?: Money;
    /** The registration and the last change of details. */
    readonly proofs: readonly EventRef[];
  };
  readonly agreements: readonly Agreement[];
  readonly observations: readonly {
    readonly associated: boolean;
    readonly observedOn: string;
    readonly source: string;
    readonly proof: EventRef;
  }[];
  /**
   * Registrations as a partner's CSP tenant; `endedOn` is the first day on which one no longer
   * blocks.
   */
  readonly registrations: readonly {
    readonly partnerId: PartnerId;
    readonly endedOn?: string;
    readonly proof: EventRef;
  }[];
  readonly relationships: readonly DatedFact<{ readonly partnerId: PartnerId }>[];
  /** `on` is the first day on which it is closed. */
  readonly closed?: { readonly on: string; readonly proof: EventRef };
  /**
   * The relationships, with days, that put the customer in the scope of keys that are limited to
   * partners.
   */
  readonly scopeGrants: readonly ScopeGrant[];
  /** The last placed orders, without voided and cancelled ones (CREDIT-1). */
  readonly recentOrders: readonly RecentOrder[];
  readonly cancelledOrders: number;
  readonly erased: readonly number[];
}

/** The state before the first event of the stream. */
export const unknownCustomer = (tenantId: TenantId): Customer => ({
  tenantId,
  agreements: [],
  observations: [],
  registrations: [],
  relationships: [],
  scopeGrants: [],
  recentOrders: [],
  cancelledOrders: 0,
  erased: [],
});

export function evolveCustomer(customer: Customer, event: CustomerEvent): Customer {
  switch (event.type) {
    case 'CustomerRegistered':
      return registered(customer, event);
    case 'CustomerDetailsChanged':
      return detailsChanged(customer, event);
    case 'CustomerAgreementSigned':
      return {
        ...customer,
        agreements: [...customer.agreements, { ...event.data, proofs: [eventRef(event)] }],
      };
    case 'CustomerAgreementWithdrawn':
      return {
        ...customer,
        agreements: customer.agreements.map((agreement) => withdrawn(agreement, event)),
      };
    case 'TenantCspAssociationObserved':
      return {
        ...customer,
        observations: [...customer.observations, { ...event.data, proof: eventRef(event) }],
      };
    case 'TenantCspAssociationRegistered':
      return {
        ...customer,
        registrations: [
          ...customer.registrations,
          { partnerId: event.data.partnerId, proof: eventRef(event) },
        ],
      };
    case 'TenantCspAssociationRegistrationEnded':
      return {
        ...customer,
        registrations: customer.registrations.map((registration) =>
          registration.partnerId === event.data.partnerId && registration.endedOn === undefined
            ? { ...registration, endedOn: event.data.on }
            : registration,
        ),
      };
    case 'CustomerPartnerRelationshipStarted':
      return withRelationships(
        customer,
        startFact(customer.relationships, withoutRecorder(event)),
        event,
      );
    case 'CustomerPartnerRelationshipEnded':
      return withRelationships(customer, endFact(customer.relationships, event), event);
    case 'CustomerPartnerRelationshipCorrected':
      return withRelationships(customer, correctFact(customer.relationships, event), event);
    case 'CustomerClosed':
      return { ...customer, closed: { on: event.data.on, proof: eventRef(event) } };
    case 'OrderPlaced':
    case 'OrderVoided':
    case 'OrderCancelled':
      return withOrder(customer, event);
    case 'OrderRefused':
      return customer;
    case 'PersonalDataErased':
      return customer.erased.includes(event.data.generation)
        ? customer
        : { ...customer, erased: [...customer.erased, event.data.generation] };
    default:
      return unreachable(event);
  }
}

export type EventOf<Type extends CustomerEvent['type']> = Extract<CustomerEvent, { type: Type }>;

const withRelationships = (
  customer: Customer,
  relationships: Customer['relationships'],
  event: Parameters<typeof evolveScopeGrants>[1],
): Customer => ({
  ...customer,
  relationships,
  scopeGrants: evolveScopeGrants(customer.scopeGrants, event),
});

/** The recorder of a relationship is not part of the fact. */
function withoutRecorder(
  event: EventOf<'CustomerPartnerRelationshipStarted'>,
): EventOf<'CustomerPartnerRelationshipStarted'> {
  const { recordedBy: _recordedBy, ...data } = event.data;
  return { ...event, data };
}

function registered(customer: Customer, event: EventOf<'CustomerRegistered'>): Customer {
  const { tenantId, ...details } = event.data;
  return { ...customer, tenantId, registration: { ...details, proofs: [eventRef(event)] } };
}

function detailsChanged(customer: Customer, event: EventOf<'CustomerDetailsChanged'>): Customer {
  if (!customer.registration) return customer;
  const { marketCode, domain, language, creditLimit, proofs, ...kept } = customer.registration;
  const { data } = event;
  const optional = { marketCode, domain, language, creditLimit, ...data };
  return {
    ...customer,
    registration: {
      ...kept,
      ...(data.legalName !== undefined && { legalName: data.legalName }),
      ...(data.country !== undefined && { country: data.country }),
      ...(data.qualifications !== undefined && { qualifications: data.qualifications }),
      ...(optional.marketCode != null && { marketCode: optional.marketCode }),
      ...(optional.domain != null && { domain: optional.domain }),
      ...(optional.language != null && { language: optional.language }),
      ...(optional.creditLimit != null && { creditLimit: optional.creditLimit }),
      proofs: [...proofs.slice(0, 1), eventRef(event)],
    },
  };
}

/**
 * A withdrawal ends every agreement on record, from its day on or from the day on which an earlier
 * one already ended it.
 */
function withdrawn(agreement: Agreement, event: EventOf<'CustomerAgreementWithdrawn'>): Agreement {
  const { on } = event.data;
  if (agreement.withdrawnOn !== undefined && agreement.withdrawnOn <= on) return agreement;
  return {
    ...agreement,
    withdrawnOn: on,
    proofs: [...agreement.proofs.slice(0, 1), eventRef(event)],
  };
}
