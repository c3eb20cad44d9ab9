import type { PlacedOrderLine } from '../order/order.js';
import type { StoredDecision } from '../order/stored-decision.js';
import type { Dates, FactCorrection, FactEnd } from '../shared/dated-fact.js';
import type { Recorded } from '../shared/event.js';
import type { OrderId, PartnerId, SubscriptionId, TenantId } from '../shared/ids.js';
import type { Money } from '../shared/money.js';
import type { Sealed } from '../shared/sealed.js';
import type { RecordedBy } from './scope-grant.js';

export type AgreementMethod = 'partner-attested' | 'customer-accepted';
/** A special qualification of a customer; none makes a commercial customer. */
export type Qualification = 'nonprofit' | 'education' | 'gcc' | 'stateOwnedEntity';

export interface OrderDecided {
  readonly orderId: OrderId;
  readonly kind: 'new' | 'add-quantity';
  /** Of the kind `add-quantity`: where its only line adds seats. */
  readonly subscriptionId?: SubscriptionId;
  readonly partnerId: PartnerId;
  readonly providerId?: PartnerId;
  readonly currency: string;
  readonly reference?: string;
  readonly lines: readonly PlacedOrderLine[];
  readonly total?: Money;
  readonly decision: StoredDecision;
}

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
