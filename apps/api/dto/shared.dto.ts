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

/** The end of something. `on` is the first day on which it is no longer in force. */
export class Ending {
  @CalendarDate()
  readonly on!: string;

  @Line(1, 512)
  readonly reason!: string;
}

/**
 * The end of a dated fact. Without `factId`, the only fact of this kind that is open on that day.
 */
export class FactEnding extends Ending {
  @IsOptional()
  @Guid()
  readonly factId?: string;
}

/** A fact that has only dates. */
export class Beginning {
  @CalendarDate()
  readonly from!: string;
}

/**
 * The whole new value in a correction: the fact's own fields and these. `to` is the last day in
 * force.
 */
export class CorrectedDates extends Beginning {
  @IsOptional()
  @CalendarDate()
  readonly to?: string;
}

/** The fact to correct and the reason. A subclass adds the new value or the retraction. */
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

/** The page of a list: its size and its cursor. */
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
 * An amount with its currency: a decimal string with at most 15 digits before the point and the
 * currency's minor digits after it.
 */
export class MoneyDto {
  @AmountIn('currency')
  readonly amount!: string;

  @Currency()
  readonly currency!: string;
}

/** The same, but it may be negative (a credit). */
export class SignedMoneyDto {
  @SignedAmountIn('currency')
  readonly amount!: string;

  @Currency()
  readonly currency!: string;
}
