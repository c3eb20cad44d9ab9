import { IsIn, IsOptional } from 'class-validator';
import type { CapabilityResult } from '../../../libs/domain/direct-bill/assessment.js';
import { CalendarDate, Guid, Line, Text } from '../http/validation/decorators.js';

export class ApplicationPath {
  @Guid()
  readonly applicationId!: string;
}

/** The fields that every step accepts. */
export class ApplicationStepDetails {
  /** The day of the step. The default is today. */
  @IsOptional()
  @CalendarDate()
  readonly on?: string;

  @IsOptional()
  @Line(1, 512)
  readonly reason?: string;

  /** Free text: the question, the answer, or a remark. */
  @IsOptional()
  @Text(1, 4096)
  readonly note?: string;
}

/** `on` is the day for which the interview is scheduled. It may be in the future. */
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

  /** The third party. */
  @Line(1, 256)
  readonly assessor!: string;

  /** The day of the assessment. The policy says for how many months it is valid. */
  @CalendarDate()
  readonly on!: string;

  @IsOptional()
  @Text(1, 4096)
  readonly note?: string;
}

export class ApproveApplication extends ApplicationStepDetails {
  /** The first day of the authorization, today or later. The default is today. */
  @IsOptional()
  @CalendarDate()
  readonly from?: string;

  /** The default is the application itself. */
  @IsOptional()
  @Line(1, 1024)
  readonly evidence?: string;
}
