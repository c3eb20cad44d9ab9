import { IsIn, IsOptional } from 'class-validator';
import type { CapabilityResult } from '../../../libs/domain/qualification/assessment.js';
import { CalendarDate, Guid, Line, Text } from '../http/validation/decorators.js';

export class ApplicationPath {
  @Guid()
  readonly applicationId!: string;
}

/** What every step may say. */
export class ApplicationStepDetails {
  /** The day of the step; left out, today. */
  @IsOptional()
  @CalendarDate()
  readonly on?: string;

  @IsOptional()
  @Line(1, 512)
  readonly reason?: string;

  /** What is asked for, what is provided, or anything else. */
  @IsOptional()
  @Text(1, 4096)
  readonly note?: string;
}

/** `on`: the day for which it is scheduled, which may lie ahead. */
export class ScheduleInterview extends ApplicationStepDetails {}

const results: readonly CapabilityResult[] = ['passed', 'failed'];

/** A third party's assessment of the five capabilities. */
export class AssessCapabilities {
  @IsIn(results)
  readonly billing!: CapabilityResult;

  @IsIn(results)
  readonly provisioning!: CapabilityResult;

  @IsIn(results)
  readonly customerSupport!: CapabilityResult;

  @IsIn(results)
  readonly compliance!: CapabilityResult;

  @IsIn(results)
  readonly security!: CapabilityResult;

  /** Who assessed them. */
  @Line(1, 256)
  readonly assessor!: string;

  /** The day of the assessment: it is valid from then on for the policy's months. */
  @CalendarDate()
  readonly on!: string;

  @IsOptional()
  @Text(1, 4096)
  readonly note?: string;
}

export class ApproveApplication extends ApplicationStepDetails {
  /** First day of the authorization, today or later; left out, today. */
  @IsOptional()
  @CalendarDate()
  readonly from?: string;

  /** Left out, the application itself. */
  @IsOptional()
  @Line(1, 1024)
  readonly evidence?: string;
}
