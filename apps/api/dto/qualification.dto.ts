import { IsIn, IsOptional } from 'class-validator';
import type { DirectBillOccasion } from '../../../libs/domain/direct-bill/direct-bill-rule.js';
import { PartnerIdText } from '../http/validation/decorators.js';
import { TwoTimesQuery } from './revenue.dto.js';

export class CustomerEligibilityQuery extends TwoTimesQuery {
  /**
   * The partner that would sell to the customer. If absent, only the rules on the customer's side
   * are checked.
   */
  @IsOptional()
  @PartnerIdText()
  readonly partnerId?: string;

  /**
   * The indirect provider that the seller would buy through. The default is the seller's only
   * provider. Ignored without `partnerId`.
   */
  @IsOptional()
  @PartnerIdText()
  readonly providerId?: string;
}

const occasions: readonly DirectBillOccasion[] = ['entry', 'yearly'];

export class DirectBillEligibilityQuery extends TwoTimesQuery {
  /**
   * `entry` (the default) checks a partner that wants to bill directly. `yearly` checks a partner
   * that does, by the two rules that differ in the yearly check.
   */
  @IsOptional()
  @IsIn(occasions)
  readonly occasion?: DirectBillOccasion;
}
