import type { OfferFamily } from '../catalog/price-list.js';
import type { Policy } from '../program/policy.js';
import type { PartnerModel } from '../partner/partner.js';
import type { RevenueAmount } from './revenue.js';
import { type DaySpan, liesIn } from './revenue-window.js';

/** Why an amount does not count. If several reasons apply, the first in this order is reported. */
export const exclusionReasons = [
  'duplicate',
  'cloud',
  'perpetual-software',
  'partner-owned',
  'not-as-indirect-reseller',
  'outside-window',
  'disallowed',
] as const;
export type ExclusionReason = (typeof exclusionReasons)[number];

export interface Counting {
  readonly policy: Pick<Policy, 'excludedFamilies'>;
  /** The models under which revenue counts. */
  readonly countedModels: readonly PartnerModel[];
}

/** Undefined if the amount counts. */
export function exclusionOf(
  amount: RevenueAmount,
  window: DaySpan,
  counting: Counting,
): ExclusionReason | undefined {
  const byKind = exclusionByKind(amount, counting);
  if (byKind) return byKind;
  if (!liesIn(amount.on, window)) return 'outside-window';
  return amount.status === 'disallowed' ? 'disallowed' : undefined;
}

/** Whether an amount counts in any window that includes its day. */
export const countsOnItsDay = (amount: RevenueAmount, counting: Counting): boolean =>
  amount.status === 'counted' && exclusionByKind(amount, counting) === undefined;

function exclusionByKind(
  { status, family, soldAs }: RevenueAmount,
  counting: Counting,
): ExclusionReason | undefined {
  if (status === 'duplicate') return 'duplicate';
  if (isExcludedFamily(family, counting)) return family;
  return counting.countedModels.includes(soldAs) ? undefined : 'not-as-indirect-reseller';
}

/** Sales of a partner's own offers are not CSP sales, under any policy. */
const isExcludedFamily = (family: OfferFamily, { policy }: Counting): boolean =>
  family === 'partner-owned' || policy.excludedFamilies.includes(family);

/** The entries that can count under a policy, on any day. */
export const countableUnder = (
  policy: Counting['policy'],
  countedModels: readonly PartnerModel[] = ['indirect-reseller'],
) => ({
  families: (['cloud', 'perpetual-software'] as const).filter(
    (family) => !isExcludedFamily(family, { policy, countedModels }),
  ),
  soldAs: countedModels,
});
