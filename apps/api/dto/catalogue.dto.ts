import { IsOptional } from 'class-validator';
import {
  CalendarDate,
  Clearable,
  Currency,
  Line,
  MarketCode,
  RatesByCurrency,
} from '../http/validation/decorators.js';
import { ListQuery, ReadQuery } from './shared.dto.js';

export class ListOffers extends ListQuery {
  @MarketCode()
  readonly market!: string;

  @IsOptional()
  @Currency()
  readonly currency?: string;

  /** The day whose month's list is asked for; left out: today. */
  @IsOptional()
  @CalendarDate()
  readonly on?: string;

  @IsOptional()
  @Line(1, 128)
  readonly q?: string;
}

export class PublishExchangeRates {
  /** USD for one unit of each currency. */
  @RatesByCurrency()
  readonly usdPerUnit!: Readonly<Record<string, string>>;
}

export class PublishAgreementVersion {
  /** First day on which it is the version to sign. */
  @CalendarDate()
  readonly from!: string;

  /** Last day on which an agreement in it is accepted. */
  @Clearable()
  @CalendarDate()
  readonly acceptedUntil?: string | null;
}

export class PolicyQuery extends ReadQuery {
  @IsOptional()
  @CalendarDate()
  readonly on?: string;
}
