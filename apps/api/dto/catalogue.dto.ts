import { IsOptional } from 'class-validator';
import {
  CalendarDate,
  Clearable,
  Currency,
  Line,
  MarketCode,
  PartnerIdText,
  RatesByCurrency,
} from '../http/validation/decorators.js';
import { ListQuery, ReadQuery } from './shared.dto.js';

export class ListOffers extends ListQuery {
  @MarketCode()
  readonly market!: string;

  @IsOptional()
  @Currency()
  readonly currency?: string;

  /** The day whose month's list is wanted. The default is today. */
  @IsOptional()
  @CalendarDate()
  readonly on?: string;

  @IsOptional()
  @Line(1, 128)
  readonly q?: string;

  /** A partner whose own offers are listed too. The default is the partners of the key's scope. */
  @IsOptional()
  @PartnerIdText()
  readonly partnerId?: string;
}

export class PublishExchangeRates {
  /** The value of one unit of each currency in USD. */
  @RatesByCurrency()
  readonly usdPerUnit!: Readonly<Record<string, string>>;
}

export class PublishAgreementVersion {
  /** The first day on which this is the version to sign. */
  @CalendarDate()
  readonly from!: string;

  /** The last day on which an agreement in this version is accepted. */
  @Clearable()
  @CalendarDate()
  readonly acceptedUntil?: string | null;
}

export class PolicyQuery extends ReadQuery {
  @IsOptional()
  @CalendarDate()
  readonly on?: string;
}
