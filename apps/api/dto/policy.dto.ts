import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Max,
  Min,
} from 'class-validator';
import type { Policy } from '../../../libs/domain/program/policy.js';
import { Decimal } from '../http/validation/decorators.js';

/**
 * Any keys of the policy. Other keys are copied from the policy in force on that day.
 * `docs/policy.md` lists all keys with their units and defaults.
 */
export class PublishPolicy implements Partial<Policy> {
  @IsOptional()
  @IsBoolean()
  readonly tenantCheckRequired?: boolean;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(36_500)
  readonly tenantCheckMaxAgeDays?: number;

  @IsOptional()
  @IsBoolean()
  readonly customerRelationshipRequired?: boolean;

  @IsOptional()
  @Decimal(2)
  readonly trailingRevenueThreshold?: string;

  @IsOptional()
  @IsIn(['rolling-12-months', 'calendar-months'])
  readonly revenueWindow?: Policy['revenueWindow'];

  @IsOptional()
  @IsIn(['billed', 'paid'])
  readonly revenueBasis?: Policy['revenueBasis'];

  @IsOptional()
  @IsIn(['microsoft-billed', 'own-invoices'])
  readonly revenueAmount?: Policy['revenueAmount'];

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(3)
  @ArrayUnique()
  @IsIn(['cloud', 'perpetual-software', 'partner-owned'], { each: true })
  readonly excludedFamilies?: Policy['excludedFamilies'];

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1200)
  readonly tenureMonths?: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(36_500)
  readonly tenureGapDays?: number;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(2)
  @ArrayUnique()
  @IsIn(['advanced', 'premier'], { each: true })
  readonly supportPlans?: Policy['supportPlans'];

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1200)
  readonly assessmentValidMonths?: number;

  @IsOptional()
  @IsBoolean()
  readonly serviceRequired?: boolean;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(36_500)
  readonly suspendAfterDays?: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(36_500)
  readonly revokeAfterDays?: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(36_500)
  readonly cancellationWindowDays?: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(36_500)
  readonly perpetualCancellationWindowDays?: number;

  @IsOptional()
  @IsIn(['truncate', 'half-even'])
  readonly prorationRounding?: Policy['prorationRounding'];

  @IsOptional()
  @Decimal(4)
  readonly reconciliationTolerance?: string;
}
