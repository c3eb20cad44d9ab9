import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { CalendarDate, Instant } from '../http/validation/decorators.js';
import { ReadQuery } from './shared.dto.js';

export class TickDto {
  /** All days up to this one are started. */
  @CalendarDate()
  readonly on!: string;

  /** For a manual log: the new time of the clock. The default is the start of `on`. */
  @IsOptional()
  @Instant()
  readonly at?: string;
}

export class EventsQuery extends ReadQuery {
  /** The answer begins with the event after this position. The default is the first event. */
  @IsOptional()
  @IsInt()
  @Min(0)
  readonly after?: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(500)
  readonly limit?: number;

  @IsOptional()
  @Matches(/^[A-Z][A-Za-z]{0,99}$/)
  readonly type?: string;

  @IsOptional()
  @Matches(/^[a-z]+(-[A-Za-z0-9._-]{1,128})?$/)
  readonly stream?: string;
}
