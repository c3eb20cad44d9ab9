import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import type { SubscriptionStatus } from '../../../libs/domain/billing/subscription/subscription.js';
import type { SubscriptionTerm } from '../../../libs/domain/billing/terms/term.js';
import type { BillingPlan } from '../../../libs/domain/catalog/price-list.js';
import {
  CalendarDate,
  Clearable,
  Guid,
  Line,
  PartnerIdText,
  PayerText,
  TaxCategory,
} from '../http/validation/decorators.js';
import { ListQuery, SignedMoneyDto } from './shared.dto.js';

const statuses: readonly SubscriptionStatus[] = ['active', 'suspended', 'cancelled', 'expired'];
const terms: readonly SubscriptionTerm[] = ['P1M', 'P1Y', 'P3Y'];
const billingPlans: readonly BillingPlan[] = ['monthly', 'annual', 'triennial', 'one_time'];

export class SubscriptionPath {
  @Guid()
  readonly subscriptionId!: string;
}

export class ListSubscriptions extends ListQuery {
  @IsOptional()
  @Guid()
  readonly tenantId?: string;

  /** The seller of record. */
  @IsOptional()
  @PartnerIdText()
  readonly partnerId?: string;

  @IsOptional()
  @IsIn(statuses)
  readonly status?: SubscriptionStatus;

  /** The next term starts before this day (UTC). */
  @IsOptional()
  @CalendarDate()
  readonly renewsBefore?: string;
}

export class SetQuantityDto {
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly quantity!: number;
}

export class SuspensionDto {
  /** Today (UTC). */
  @IsOptional()
  @CalendarDate()
  readonly on?: string;

  @Line(1, 512)
  readonly reason!: string;
}

export class CancelSubscriptionDto {
  @Line(1, 512)
  readonly reason!: string;
}

/** What happens at the end of the term. A cancellation ignores the other fields. */
export class AtTermEndDto {
  @IsIn(['renew', 'cancel'])
  readonly action!: 'renew' | 'cancel';

  /** At most the present quantity. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly quantity?: number;

  @IsOptional()
  @IsIn(terms)
  readonly term?: SubscriptionTerm;

  @IsOptional()
  @IsIn(billingPlans)
  readonly billingPlan?: BillingPlan;
}

export class VendorIdDto {
  /** Microsoft's id of the subscription; `null` removes it. */
  @Clearable()
  @Line(1, 64)
  readonly vendorId!: string | null;
}

export class ListCharges extends ListQuery {
  @IsOptional()
  @Guid()
  readonly subscriptionId?: string;

  @IsOptional()
  @PayerText()
  readonly payer?: string;

  @IsOptional()
  @PartnerIdText()
  readonly entityId?: string;

  /** The first and the last date of the charges. */
  @IsOptional()
  @CalendarDate()
  readonly from?: string;

  @IsOptional()
  @CalendarDate()
  readonly to?: string;
}

/** A charge that no subscription has, such as a setup fee. */
export class ManualChargeDto {
  @PartnerIdText()
  readonly entityId!: string;

  @PayerText()
  readonly payer!: string;

  @Line(1, 256)
  readonly description!: string;

  /** Negative for a credit. */
  @IsObject()
  @ValidateNested()
  @Type(() => SignedMoneyDto)
  readonly amount!: SignedMoneyDto;

  /** A category of the tax-rate tables. */
  @TaxCategory()
  readonly taxCategory!: string;

  @CalendarDate()
  readonly date!: string;

  /** With the billing entity it is the charge's identity. */
  @Line(1, 128)
  readonly reference!: string;
}
