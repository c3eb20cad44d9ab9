import { IsOptional } from 'class-validator';
import { CalendarDate, Guid, Line } from '../http/validation/words.js';

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

/**
 * What every correction names: the fact and why. Its value, or that it never held, stands beside.
 */
export class Correction {
  @Guid()
  readonly factId!: string;

  @Line(1, 512)
  readonly reason!: string;
}
