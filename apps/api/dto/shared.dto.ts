import { IsInt, IsOptional, Max, Min } from 'class-validator';
import {
  AmountIn,
  CalendarDate,
  Currency,
  Cursor,
  Guid,
  Line,
  SignedAmountIn,
} from '../http/validation/decorators.js';

/** Something ends: `on` is the first day on which it no longer holds. */
export class Ending {
  @CalendarDate()
  readonly on!: string;

  @Line(1, 512)
  readonly reason!: string;
}

/** A dated fact ends; without `factId` the only one that is open on that day. */
export class FactEnding extends Ending {
  @IsOptional()
  @Guid()
  readonly factId?: string;
}

/** A fact without fields of its own. */
export class Beginning {
  @CalendarDate()
  readonly from!: string;
}

/** A correction's whole new value: the fact's fields beside these, `to` the last day in force. */
export class CorrectedDates extends Beginning {
  @IsOptional()
  @CalendarDate()
  readonly to?: string;
}

/** The fact that is corrected and the reason. A subclass has the new value, or the retraction. */
export class Correction {
  @Guid()
  readonly factId!: string;

  @Line(1, 512)
  readonly reason!: string;
}

/** The position that a read must have reached, so that clients read their own writes. */
export class ReadQuery {
  @IsOptional()
  @IsInt()
  @Min(0)
  readonly minPosition?: number;
}

/** The page of a list. */
export class ListQuery extends ReadQuery {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(500)
  readonly limit?: number;

  @IsOptional()
  @Cursor()
  readonly cursor?: string;
}

/**
 * An amount with its currency: a decimal string, at most 15 digits before the point and the
 * currency's minor digits after it.
 */
export class MoneyDto {
  @AmountIn('currency')
  readonly amount!: string;

  @Currency()
  readonly currency!: string;
}

/** The same, below zero too: a credit. */
export class SignedMoneyDto {
  @SignedAmountIn('currency')
  readonly amount!: string;

  @Currency()
  readonly currency!: string;
}
