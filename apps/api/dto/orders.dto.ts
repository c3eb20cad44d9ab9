import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { BillingPlan, OfferTerm } from '../../../libs/domain/catalog/price-list.js';
import type { OrderStatus } from '../../../libs/domain/order/order.js';
import {
  CalendarDate,
  CurrencyLetters,
  Guid,
  KnownAt,
  Line,
  PartnerIdText,
} from '../http/validation/decorators.js';
import { ListQuery } from './shared.dto.js';

const terms: readonly OfferTerm[] = ['P1M', 'P1Y', 'P3Y', 'none'];
const billingPlans: readonly BillingPlan[] = ['monthly', 'annual', 'triennial', 'one_time'];

export class OrderLineDto {
  /**
   * `ProductId:SkuId`. The SkuId may have leading zeros. The order gate judges whether the offer
   * exists.
   */
  @Line(1, 64)
  readonly offerId!: string;

  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly quantity!: number;

  @IsIn(terms)
  readonly term!: OfferTerm;

  @IsIn(billingPlans)
  readonly billingPlan!: BillingPlan;
}

export class PlaceOrderDto {
  /** The seller of record. */
  @PartnerIdText()
  readonly partnerId!: string;

  /**
   * The indirect provider that the order goes through. The default is the seller's only provider.
   */
  @IsOptional()
  @PartnerIdText()
  readonly providerId?: string;

  @Guid()
  readonly tenantId!: string;

  @CurrencyLetters()
  readonly currency!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => OrderLineDto)
  readonly lines!: readonly OrderLineDto[];

  @IsOptional()
  @Line(0, 128)
  readonly reference?: string;
}

/**
 * An order to check, as of a date (`asOf`) and as known at a position or an instant (`knownAt`).
 */
export class EligibilityCheckDto extends PlaceOrderDto {
  @IsOptional()
  @CalendarDate()
  readonly asOf?: string;

  @IsOptional()
  @KnownAt()
  readonly knownAt?: string;
}

export class CancelOrderDto {
  @Line(1, 512)
  readonly reason!: string;
}

const statuses: readonly OrderStatus[] = ['placed', 'refused', 'cancelled', 'pending', 'voided'];

export class ListOrders extends ListQuery {
  @IsOptional()
  @Guid()
  readonly tenantId?: string;

  @IsOptional()
  @PartnerIdText()
  readonly partnerId?: string;

  @IsOptional()
  @IsIn(statuses)
  readonly status?: OrderStatus;

  /** The first day (UTC) of the period. */
  @IsOptional()
  @CalendarDate()
  readonly from?: string;

  /** The last day of the period. */
  @IsOptional()
  @CalendarDate()
  readonly to?: string;
}
