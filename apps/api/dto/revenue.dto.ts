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

  /** The customer's tenant. The customer need not be registered. */
  @Guid()
  readonly tenantId!: string;

  /** A negative amount is a credit. */
  @IsObject()
  @ValidateNested()
  @Type(() => SignedMoneyDto)
  readonly amount!: SignedMoneyDto;

  @CalendarDate()
  readonly recognizedOn!: string;

  @IsIn(families)
  readonly family!: OfferFamily;

  /** The partner's model under which the revenue was earned. */
  @IsIn(models)
  readonly soldAs!: PartnerModel;

  /** Where the entry comes from. Partner, `source` and `reference` together identify the entry. */
  @Line(1, 256)
  readonly source!: string;

  @Line(1, 256)
  readonly reference!: string;
}

export class ReverseRevenueDto {
  /**
   * The amount to reverse or pay, with the entry's currency and sign. The default is the whole
   * remaining amount.
   */
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

/** The two times of a read. */
export class TwoTimesQuery extends ReadQuery {
  /** The business date (UTC). The default is today. */
  @IsOptional()
  @CalendarDate()
  readonly asOf?: string;

  /** A log position (inclusive) or an instant. The default is the log's head. */
  @IsOptional()
  @KnownAt()
  readonly knownAt?: string;
}
