import type { SubscriptionToImport } from '../../domain/billing/subscription/import-subscription.decide.js';
import type { CustomerCommand } from '../../domain/customer/customer.decide.js';
import type { PartnerId, SubscriptionId, TenantId } from '../../domain/shared/ids.js';
import type { Malformed } from '../../domain/shared/malformed.js';
import type { SignAgreement, Signatory } from '../customers/customer.commands.js';
import type { RegisterPartner } from '../partners/partner.commands.js';

type AgreementToSign = SignAgreement['agreement'] & { readonly signatory: Signatory };

/** A record of an adopter, as its line states it. `line` is its place in the file, from 1. */
export type RecordToTakeOver = { readonly line: number } & (
  | {
      readonly kind: 'partner';
      readonly partnerId: PartnerId;
      readonly details: RegisterPartner['details'];
      readonly cspTenantIds: readonly TenantId[];
    }
  | {
      readonly kind: 'customer';
      readonly tenantId: TenantId;
      readonly registration: Extract<CustomerCommand, { type: 'register-customer' }>;
      readonly agreements: readonly AgreementToSign[];
      readonly relationships: readonly { readonly partnerId: PartnerId; readonly from?: string }[];
    }
  | {
      readonly kind: 'subscription';
      readonly subscriptionId: SubscriptionId;
      readonly subscription: SubscriptionToImport;
    }
);
export interface RefusedLine {
  readonly line: number;
  readonly refusal: { readonly code: string } & Partial<Omit<Malformed, 'code'>>;
}
