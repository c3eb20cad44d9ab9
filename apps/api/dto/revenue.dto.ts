import { Type } from 'class-transformer';
import { IsIn, IsObject, IsOptional, ValidateNested } from 'class-validator';
import type { OfferFamily } from '../../../libs/domain/catalog/price-list.js';
import type { PartnerModel } from '../../../libs/domain/partner/partner.js';
import type { ReviewOutcome } from '../../../libs/domain/qualification/revenue.js';
import { CalendarDate, Guid, KnownAt, Line, PartnerIdText } from '../http/validation/decorators.js';
import { ReadQuery, SignedMoneyDto } from './shared.dto.js';

const families: readonly OfferFamily[] = ['cloud', 'perpetual-software', 'partner-owned'];
const models: readonly PartnerModel[] = ['indirect-reseller', 'direct-bill', 'indirect-provider'];
const outcomes: readonly ReviewOutcome[] = ['under-review', 'disallowed', 'confirmed'];

export class RecordRevenueDto {
  @PartnerIdText()
  readonly partnerId!: string;

  /** The customer; it need not be registered. */
  @Guid()
  readonly tenantId!: string;

  /** Negative for a credit. */
  @IsObject()
  @ValidateNested()
  @Type(() => SignedMoneyDto)
  readonly amount!: SignedMoneyDto;

  @CalendarDate()
  readonly recognizedOn!: string;

  @IsIn(families)
  readonly family!: OfferFamily;

  /** The model that it was earned under. */
  @IsIn(models)
  readonly soldAs!: PartnerModel;

  /** Where the entry came from; with `reference` and the partner it is the entry's identity. */
  @Line(1, 256)
  readonly source!: string;

  @Line(1, 256)
  readonly reference!: string;
}

export class ReverseRevenueDto {
  /** With the entry's currency and sign; left out: all that is left of it. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SignedMoneyDto)
  readonly amount?: SignedMoneyDto;

  @CalendarDate()
  readonly on!: string;

  @Line(1, 512)
  readonly reason!: string;
}

export class ReviewRevenueDto {
  @IsIn(outcomes)
  readonly outcome!: ReviewOutcome;

  @CalendarDate()
  readonly on!: string;

  @Line(1, 512)
  readonly reason!: string;
}

export class PayRevenueDto {
  @IsObject()
  @ValidateNested()
  @Type(() => SignedMoneyDto)
  readonly amount!: SignedMoneyDto;

  @CalendarDate()
  readonly paidOn!: string;
}

/** A read in two times. */
export class TwoTimesQuery extends ReadQuery {
  /** The business date; left out: today (UTC). */
  @IsOptional()
  @CalendarDate()
  readonly asOf?: string;

  /** A log position (inclusive) or an instant; left out: the head. */
  @IsOptional()
  @KnownAt()
  readonly knownAt?: string;
}
