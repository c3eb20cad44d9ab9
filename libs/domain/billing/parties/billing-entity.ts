import type { Recorded } from '../../shared/event.js';
import type { BillingEntityId, PartnerId } from '../../shared/ids.js';
import type { Pricing } from '../prices/relation-price.js';
import { hasCorporateCheckDigit } from '../tax/registration-number.js';
import type { BillingAddress } from './billing-address.js';

/** The languages of documents. */
export type DocumentLanguage = 'en' | 'ja';

/** What a billing entity prints on its documents, and how it bills. */
export interface BillingEntityDetails {
  readonly legalName: string;
  readonly address: BillingAddress;
  readonly taxId?: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly language: DocumentLanguage;
  readonly numberPrefix: string;
  readonly paymentTermsDays: number;
  /** IANA: the days of its documents are days there. */
  readonly timeZone: string;
  readonly taxRounding: 'half-up' | 'truncate';
  readonly pricing: Pricing;
  readonly bankDetails?: string;
}

/** The legal person that issues documents for a partner. */
export interface BillingEntity extends BillingEntityDetails {
  readonly entityId: BillingEntityId;
  readonly partnerId: PartnerId;
}

export type BillingEntityEvent =
  | Recorded<
      'BillingEntityRegistered',
      BillingEntityDetails & { entityId: BillingEntityId; partnerId: PartnerId }
    >
  | Recorded<'BillingEntityChanged', BillingEntityDetails>;

/** The state of the stream `billingentity-<partnerId>`. */
export interface PartnerBilling {
  readonly entity?: BillingEntity;
}

export const noBillingEntity: PartnerBilling = {};

export function evolveBillingEntity(
  { entity }: PartnerBilling,
  event: BillingEntityEvent,
): PartnerBilling {
  if (event.type === 'BillingEntityRegistered') return { entity: event.data };
  if (!entity) return {};
  return { entity: { entityId: entity.entityId, partnerId: entity.partnerId, ...event.data } };
}

/** The state of the stream `billingentityid-<entityId>`: an assigned id never moves. */
export interface BillingEntityIdState {
  readonly partnerId?: PartnerId;
}

export type BillingEntityIdEvent = Recorded<
  'BillingEntityIdAssigned',
  { entityId: BillingEntityId; partnerId: PartnerId }
>;

export const evolveBillingEntityId = (
  { partnerId }: BillingEntityIdState,
  { data }: BillingEntityIdEvent,
): BillingEntityIdState => ({ partnerId: partnerId ?? data.partnerId });

/**
 * A Japanese registration number whose check digit is not that of a corporate number. It is valid:
 * the numbers of sole proprietors follow no published rule.
 */
export const hasUnusualCheckDigit = ({
  address,
  taxId,
}: Pick<BillingEntityDetails, 'address' | 'taxId'>): boolean =>
  address.country === 'JP' && taxId !== undefined && !hasCorporateCheckDigit(taxId);
