import { IsIn, IsOptional } from 'class-validator';
import type { DirectBillOccasion } from '../../../libs/domain/qualification/direct-bill-rule.js';
import { PartnerIdText } from '../http/validation/decorators.js';
import { TwoTimesQuery } from './revenue.dto.js';

export class CustomerEligibilityQuery extends TwoTimesQuery {
  /** Who would sell to it; left out: the customer's side only. */
  @IsOptional()
  @PartnerIdText()
  readonly partnerId?: string;

  /**
   * The indirect provider that would be bought through; left out: the only one there is. Without
   * `partnerId` it is not looked at.
   */
  @IsOptional()
  @PartnerIdText()
  readonly providerId?: string;
}

const occasions: readonly DirectBillOccasion[] = ['entry', 'yearly'];

export class DirectBillEligibilityQuery extends TwoTimesQuery {
  /**
   * `entry` (the default): who wants to bill directly. `yearly`: who does, with the two differences
   * of the yearly check.
   */
  @IsOptional()
  @IsIn(occasions)
  readonly occasion?: DirectBillOccasion;
}
