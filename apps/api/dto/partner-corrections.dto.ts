import { Type } from 'class-transformer';
import { IsIn, IsOptional, ValidateNested } from 'class-validator';
import { CalendarDate, EitherThisOr } from '../http/validation/decorators.js';
import { CorrectedDates, Correction } from './shared.dto.js';
import {
  StartLocation,
  StartProviderRelationship,
  StartService,
  StartSigningAuthority,
  StartSupportPlan,
} from './partner-facts.dto.js';

/**
 * One class for each kind of fact: `{ factId, reason, value }` with the fact's own fields, or `{
 * factId, reason, retracted: true }`.
 */
class Retractable extends Correction {
  /** The fact was never true. */
  @IsOptional()
  @IsIn([true])
  readonly retracted?: true;
}

export class CorrectedLocation extends StartLocation {
  @IsOptional()
  @CalendarDate()
  readonly to?: string;
}
export class CorrectLocation extends Retractable {
  @EitherThisOr('retracted')
  @ValidateNested()
  @Type(() => CorrectedLocation)
  readonly value?: CorrectedLocation;
}

/** A membership or a provider authorization, which has only dates. */
export class CorrectDates extends Retractable {
  @EitherThisOr('retracted')
  @ValidateNested()
  @Type(() => CorrectedDates)
  readonly value?: CorrectedDates;
}

export class CorrectedSigningAuthority extends StartSigningAuthority {
  @IsOptional()
  @CalendarDate()
  readonly to?: string;
}
export class CorrectSigningAuthority extends Retractable {
  @EitherThisOr('retracted')
  @ValidateNested()
  @Type(() => CorrectedSigningAuthority)
  readonly value?: CorrectedSigningAuthority;
}

export class CorrectedProviderRelationship extends StartProviderRelationship {
  @IsOptional()
  @CalendarDate()
  readonly to?: string;
}
export class CorrectProviderRelationship extends Retractable {
  @EitherThisOr('retracted')
  @ValidateNested()
  @Type(() => CorrectedProviderRelationship)
  readonly value?: CorrectedProviderRelationship;
}

export class CorrectSupportPlan extends Retractable {
  @EitherThisOr('retracted')
  @ValidateNested()
  @Type(() => StartSupportPlan)
  readonly value?: StartSupportPlan;
}

export class CorrectedService extends StartService {
  @IsOptional()
  @CalendarDate()
  readonly to?: string;
}
export class CorrectService extends Retractable {
  @EitherThisOr('retracted')
  @ValidateNested()
  @Type(() => CorrectedService)
  readonly value?: CorrectedService;
}
