import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { Cursor } from '../http/validation/words.js';

/**
 * What every read takes: the position it must have reached, so that whoever wrote reads what they
 * wrote.
 */
export class ReadQuery {
  @IsOptional()
  @IsInt()
  @Min(0)
  readonly minPosition?: number;
}

/** What every list takes. */
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
