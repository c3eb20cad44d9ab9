import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type {
  BillingPlan,
  OfferFamily,
  OfferSegment,
} from '../../../libs/domain/catalog/price-list.js';
import type { SubscriptionTerm } from '../../../libs/domain/billing/terms/term.js';
import {
  RegisterCustomer,
  SignAgreementDto,
  StartRelationship,
} from '../../api/dto/customers.dto.js';
import { RegisterPartner } from '../../api/dto/partners.dto.js';
import { MoneyDto } from '../../api/dto/shared.dto.js';
import { CalendarDate, Guid, Line, PartnerIdText } from '../../api/http/validation/decorators.js';

// Each line of the file is one of these. Dates are UTC, and both ends of a term are included.

/** The body of `PUT /v1/partners/{partnerId}` with its id. */
export class PartnerLine extends RegisterPartner {
  @IsIn(['partner'])
  readonly kind!: 'partner';

  @PartnerIdText()
  readonly partnerId!: string;
}

/** The body of `PUT /v1/customers/{tenantId}` with its id, its agreements and its relationships. */
export class CustomerLine extends RegisterCustomer {
  @IsIn(['customer'])
  readonly kind!: 'customer';

  @Guid()
  readonly tenantId!: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => SignAgreementDto)
  readonly agreements?: readonly SignAgreementDto[];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => StartRelationship)
  readonly relationships?: readonly StartRelationship[];
}

export class SubscriptionPrices {
  /** What the seller bills the customer. */
  @IsOptional()
  @ValidateNested()
  @Type(() => MoneyDto)
  readonly customer?: MoneyDto;

  /** What the provider bills the reseller. */
  @IsOptional()
  @ValidateNested()
  @Type(() => MoneyDto)
  readonly reseller?: MoneyDto;
}

const terms: readonly SubscriptionTerm[] = ['P1M', 'P1Y', 'P3Y'];
const plans: readonly BillingPlan[] = ['monthly', 'annual', 'triennial', 'one_time'];
const segments: readonly OfferSegment[] = ['commercial', 'nonprofit', 'education', 'gcc'];
const families: readonly OfferFamily[] = ['cloud', 'perpetual-software', 'partner-owned'];

export class SubscriptionLine {
  @IsIn(['subscription'])
  readonly kind!: 'subscription';

  /** The default derives from the vendor's id, or from what is sold and its term. */
  @IsOptional()
  @Guid()
  readonly subscriptionId?: string;

  /** Microsoft's id of the subscription. */
  @IsOptional()
  @Line(1, 64)
  readonly vendorId?: string;

  @Guid()
  readonly tenantId!: string;

  @PartnerIdText()
  readonly partnerId!: string;

  @IsOptional()
  @PartnerIdText()
  readonly providerId?: string;

  @Line(1, 64)
  readonly offerId!: string;

  /** The default is the offer's id. */
  @IsOptional()
  @Line(1, 256)
  readonly title?: string;

  @IsOptional()
  @IsIn(segments)
  readonly segment?: OfferSegment;

  @IsOptional()
  @IsIn(families)
  readonly family?: OfferFamily;

  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly quantity!: number;

  @IsIn(terms)
  readonly term!: SubscriptionTerm;

  @IsIn(plans)
  readonly billingPlan!: BillingPlan;

  @CalendarDate()
  readonly termStart!: string;

  @CalendarDate()
  readonly termEnd!: string;

  /** The last day that was billed elsewhere. The first run bills from the day after it. */
  @CalendarDate()
  readonly billedThrough!: string;

  /** UnitPrice of one unit for the whole term. */
  @IsObject()
  @ValidateNested()
  @Type(() => MoneyDto)
  readonly cost!: MoneyDto;

  /** The prices of one unit for the whole term. */
  @IsObject()
  @ValidateNested()
  @Type(() => SubscriptionPrices)
  readonly prices!: SubscriptionPrices;

  @IsIn(['renew', 'cancel'])
  readonly atTermEnd!: 'renew' | 'cancel';
}

export type TakeOverLine = PartnerLine | CustomerLine | SubscriptionLine;

export const classOfKind = {
  partner: PartnerLine,
  customer: CustomerLine,
  subscription: SubscriptionLine,
} as const;

export const kinds = Object.keys(classOfKind) as readonly (keyof typeof classOfKind)[];
