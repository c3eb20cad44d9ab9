import type { Proposed } from '../../shared/event.js';
import type { BillingEntityId, PartnerId } from '../../shared/ids.js';
import { type Malformed, malformed } from '../../shared/malformed.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import { isRegistrationNumber } from '../tax/registration-number.js';
import { afterPut, billingAddress } from './billing-address.js';
import type {
  BillingEntityDetails,
  BillingEntityEvent,
  BillingEntityIdEvent,
  BillingEntityIdState,
  PartnerBilling,
} from './billing-entity.js';

export const DEFAULT_PAYMENT_TERMS_DAYS = 30;

/** The body of a PUT: absent optional fields are unchanged, `null` clears them. */
export interface SetBillingEntityCommand extends Omit<
  BillingEntityDetails,
  'taxId' | 'paymentTermsDays' | 'bankDetails'
> {
  readonly entityId: BillingEntityId;
  readonly partnerId: PartnerId;
  readonly taxId?: string | null;
  readonly paymentTermsDays?: number | null;
  readonly bankDetails?: string | null;
}

export type BillingEntityRefusal =
  | { readonly code: 'partner-unknown' }
  /** The partner has another entity: `entityId`. */
  | { readonly code: 'billing-entity-exists'; readonly entityId: BillingEntityId }
  | { readonly code: 'billing-entity-of-another-partner' }
  | Malformed;

export interface BillingEntityFacts {
  readonly isPartnerRegistered: boolean;
  readonly assigned: BillingEntityIdState;
}

/** Registers a partner's billing entity, or changes its details. */
export function decideBillingEntity(
  command: SetBillingEntityCommand,
  { entity }: PartnerBilling,
  { isPartnerRegistered, assigned }: BillingEntityFacts,
): Result<readonly Proposed<BillingEntityEvent>[], BillingEntityRefusal> {
  const { entityId, partnerId } = command;
  if (!isPartnerRegistered) return refuse({ code: 'partner-unknown' });
  const details = detailsAfter(command, entity?.entityId === entityId ? entity : undefined);
  if (
    details.address.country === 'JP' &&
    details.taxId !== undefined &&
    !isRegistrationNumber(details.taxId)
  )
    return refuse(malformed('/taxId', { rule: 'format', expected: 'registration-number' }));

  if (entity && entity.entityId !== entityId)
    return refuse({ code: 'billing-entity-exists', entityId: entity.entityId });
  if (assigned.partnerId !== undefined && assigned.partnerId !== partnerId)
    return refuse({ code: 'billing-entity-of-another-partner' });
  if (!entity)
    return accept([{ type: 'BillingEntityRegistered', data: { entityId, partnerId, ...details } }]);
  const isSame = JSON.stringify(detailsAfter(entity, entity)) === JSON.stringify(details);
  return accept(isSame ? [] : [{ type: 'BillingEntityChanged', data: details }]);
}

/** Assigns an id to a partner. It stays assigned even if the registration then fails. */
export function assignBillingEntityId(
  { entityId, partnerId }: Pick<SetBillingEntityCommand, 'entityId' | 'partnerId'>,
  assigned: BillingEntityIdState,
): Result<
  readonly Proposed<BillingEntityIdEvent>[],
  { readonly code: 'billing-entity-of-another-partner' }
> {
  if (assigned.partnerId === undefined)
    return accept([{ type: 'BillingEntityIdAssigned', data: { entityId, partnerId } }]);
  return assigned.partnerId === partnerId
    ? accept([])
    : refuse({ code: 'billing-entity-of-another-partner' });
}

/** With the fields in one order, so that equal details have equal JSON. */
function detailsAfter(
  stated: Omit<SetBillingEntityCommand, 'entityId' | 'partnerId'>,
  before: BillingEntityDetails | undefined,
): BillingEntityDetails {
  const taxId = afterPut(stated.taxId, before?.taxId);
  const bankDetails = afterPut(stated.bankDetails, before?.bankDetails);
  const paymentTermsDays = afterPut(stated.paymentTermsDays, before?.paymentTermsDays);
  return {
    legalName: stated.legalName,
    address: billingAddress(stated.address),
    ...(taxId !== undefined && { taxId }),
    currency: stated.currency,
    language: stated.language,
    numberPrefix: stated.numberPrefix,
    paymentTermsDays: paymentTermsDays ?? DEFAULT_PAYMENT_TERMS_DAYS,
    timeZone: stated.timeZone,
    taxRounding: stated.taxRounding,
    pricing: {
      basis: stated.pricing.basis,
      adjustmentPercent: stated.pricing.adjustmentPercent,
    },
    ...(bankDetails !== undefined && { bankDetails }),
  };
}
