import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { BillingEntityDetails } from '../../../libs/domain/billing/parties/billing-entity.js';
import type { Pricing } from '../../../libs/domain/billing/prices/relation-price.js';
import type { TaxTreatment } from '../../../libs/domain/billing/tax/line-tax.js';
import {
  CalendarDate,
  Clearable,
  CountryCode,
  Currency,
  Line,
  PartnerIdText,
  Percent,
  RatesByCategory,
  Text,
  TimeZone,
} from '../http/validation/decorators.js';
import { ListQuery } from './shared.dto.js';

const languages = ['en', 'ja'] as const;
const treatments: readonly TaxTreatment[] = [
  'standard',
  'exempt',
  'reverse-charge',
  'outside-scope',
];

export class BillingEntityPath {
  @PartnerIdText()
  readonly entityId!: string;
}

export class TaxRatesPath {
  @CountryCode()
  readonly country!: string;

  @CalendarDate()
  readonly from!: string;
}

/** As documents print it. */
export class AddressDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(4)
  @Line(1, 128, { each: true })
  readonly lines!: readonly string[];

  @IsOptional()
  @Line(1, 128)
  readonly city?: string;

  @IsOptional()
  @Line(1, 128)
  readonly region?: string;

  @IsOptional()
  @Line(1, 32)
  readonly postalCode?: string;

  @CountryCode()
  readonly country!: string;
}

/** The price of what has no selling price: a column of the price list, adjusted. */
export class PricingDto {
  @IsIn(['erp-price', 'unit-price'])
  readonly basis!: Pricing['basis'];

  /** `10` adds a tenth, `-5` takes a twentieth off. */
  @Percent()
  readonly adjustmentPercent!: string;
}

export class SetBillingEntityDto {
  @PartnerIdText()
  readonly partnerId!: string;

  @Line(1, 256)
  readonly legalName!: string;

  @IsObject()
  @ValidateNested()
  @Type(() => AddressDto)
  readonly address!: AddressDto;

  /** In Japan the registration number: T and 13 digits. */
  @Clearable()
  @Line(1, 64)
  readonly taxId?: string | null;

  @Currency()
  readonly currency!: string;

  @IsIn(languages)
  readonly language!: 'en' | 'ja';

  /** The prefix of the numbers of its documents. */
  @Line(1, 20)
  readonly numberPrefix!: string;

  /** 30 until it is set. */
  @Clearable()
  @IsInt()
  @Min(0)
  @Max(365)
  readonly paymentTermsDays?: number | null;

  /** IANA, such as Asia/Tokyo. */
  @TimeZone()
  readonly timeZone!: string;

  @IsIn(['half-up', 'truncate'])
  readonly taxRounding!: BillingEntityDetails['taxRounding'];

  @IsObject()
  @ValidateNested()
  @Type(() => PricingDto)
  readonly pricing!: PricingDto;

  @Clearable()
  @Text(1, 1024)
  readonly bankDetails?: string | null;
}

export class TaxTreatmentDto {
  @IsIn(treatments)
  readonly treatment!: TaxTreatment;

  @Line(1, 512)
  readonly reason!: string;
}

export class SetBillingProfileDto {
  @IsObject()
  @ValidateNested()
  @Type(() => AddressDto)
  readonly address!: AddressDto;

  @Clearable()
  @Line(1, 64)
  readonly taxId?: string | null;

  @Clearable()
  @Line(1, 128)
  readonly purchaseOrder?: string | null;

  /** The default is that of the billing entity. */
  @Clearable()
  @IsInt()
  @Min(0)
  @Max(365)
  readonly paymentTermsDays?: number | null;

  /** The default is that of the billing entity. */
  @Clearable()
  @IsIn(languages)
  readonly language?: 'en' | 'ja' | null;

  /** It comes before every rule of tax. */
  @Clearable()
  @ValidateNested()
  @Type(() => TaxTreatmentDto)
  readonly taxTreatment?: TaxTreatmentDto | null;
}

export class PublishTaxRatesDto {
  /** By category; 0.10 is ten percent. */
  @RatesByCategory()
  readonly rates!: Readonly<Record<string, string>>;
}

export class ListBillingEntities extends ListQuery {
  @IsOptional()
  @PartnerIdText()
  readonly partnerId?: string;
}

export class ListTaxRates extends ListQuery {
  @IsOptional()
  @CountryCode()
  readonly country?: string;
}
