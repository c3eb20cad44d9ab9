import type { Proposed, Recorded } from '../../shared/event.js';
import { type PartnerId, partnerId, type TenantId, tenantId } from '../../shared/ids.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import type { TaxTreatment } from '../tax/line-tax.js';
import { afterPut, type BillingAddress, billingAddress } from './billing-address.js';
import type { DocumentLanguage } from './billing-entity.js';

/** Who is billed: a customer, or a reseller that its provider bills. */
export type Payer = `customer:${TenantId}` | `partner:${PartnerId}`;
/** The text has been validated, or comes from the name of a stream. */
export const asPayer = (text: string): Payer =>
  text.startsWith('customer:')
    ? customerPayer(tenantId(text.slice('customer:'.length)))
    : partnerPayer(partnerId(text.slice('partner:'.length)));
export const customerPayer = (tenantId: TenantId): Payer => `customer:${tenantId}`;
export const partnerPayer = (partnerId: PartnerId): Payer => `partner:${partnerId}`;

/** How a payer is billed. Fields that are absent follow the billing entity. */
export interface BillingProfile {
  readonly address: BillingAddress;
  readonly taxId?: string;
  readonly purchaseOrder?: string;
  readonly paymentTermsDays?: number;
  readonly language?: DocumentLanguage;
  readonly taxTreatment?: { readonly treatment: TaxTreatment; readonly reason: string };
}

export type BillingProfileEvent =
  | Recorded<'BillingProfileRegistered', BillingProfile & { payer: Payer }>
  | Recorded<'BillingProfileChanged', BillingProfile>;

/** The state of the stream `billingprofile-<payer>`. */
export interface PayerBilling {
  readonly profile?: BillingProfile;
}

export const noBillingProfile: PayerBilling = {};

export function evolveBillingProfile(
  _before: PayerBilling,
  event: BillingProfileEvent,
): PayerBilling {
  if (event.type === 'BillingProfileChanged') return { profile: event.data };
  const { payer: _payer, ...profile } = event.data;
  return { profile };
}

/** The body of a PUT: absent optional fields are unchanged, `null` clears them. */
export type SetBillingProfileCommand = Pick<BillingProfile, 'address'> & {
  readonly [Field in Exclude<keyof BillingProfile, 'address'>]?: BillingProfile[Field] | null;
};

export type BillingProfileRefusal =
  { readonly code: 'customer-unknown' } | { readonly code: 'partner-unknown' };

/** Registers a payer's profile, or changes it. */
export function decideBillingProfile(
  command: SetBillingProfileCommand,
  payer: Payer,
  { profile: before }: PayerBilling,
  { isPayerRegistered }: { readonly isPayerRegistered: boolean },
): Result<readonly Proposed<BillingProfileEvent>[], BillingProfileRefusal> {
  if (!isPayerRegistered)
    return refuse({
      code: payer.startsWith('customer:') ? 'customer-unknown' : 'partner-unknown',
    });
  const profile = profileAfter(command, before);
  if (!before) return accept([{ type: 'BillingProfileRegistered', data: { payer, ...profile } }]);
  const isSame = JSON.stringify(profileAfter(before, before)) === JSON.stringify(profile);
  return accept(isSame ? [] : [{ type: 'BillingProfileChanged', data: profile }]);
}

/** With the fields in one order, so that equal profiles have equal JSON. */
function profileAfter(
  stated: SetBillingProfileCommand,
  before: BillingProfile | undefined,
): BillingProfile {
  const taxId = afterPut(stated.taxId, before?.taxId);
  const purchaseOrder = afterPut(stated.purchaseOrder, before?.purchaseOrder);
  const paymentTermsDays = afterPut(stated.paymentTermsDays, before?.paymentTermsDays);
  const language = afterPut(stated.language, before?.language);
  const tax = afterPut(stated.taxTreatment, before?.taxTreatment);
  return {
    address: billingAddress(stated.address),
    ...(taxId !== undefined && { taxId }),
    ...(purchaseOrder !== undefined && { purchaseOrder }),
    ...(paymentTermsDays !== undefined && { paymentTermsDays }),
    ...(language !== undefined && { language }),
    ...(tax !== undefined && { taxTreatment: { treatment: tax.treatment, reason: tax.reason } }),
  };
}
