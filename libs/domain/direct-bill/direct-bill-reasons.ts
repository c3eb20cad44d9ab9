import type { ReasonText } from '../gate/texts/reason-text.js';

/**
 * The direct-bill rules, in the order in which their reasons are reported, each with the reasons
 * for which it can fail.
 */
export const reasonsOfDirectBillRule = {
  'DIRECT-1': ['trailing-revenue-below-threshold'],
  'DIRECT-2': ['tenure-too-short'],
  'DIRECT-3': ['support-plan-inactive'],
  'DIRECT-4': ['capability-not-assessed', 'capability-failed'],
  'DIRECT-5': ['seller-membership-inactive', 'seller-location-missing'],
  'DIRECT-6': ['service-missing'],
  'DIRECT-7': ['seller-signing-authority-missing'],
} as const;

export type DirectBillRuleId = keyof typeof reasonsOfDirectBillRule;
export type DirectBillReasonOf<Id extends DirectBillRuleId> =
  (typeof reasonsOfDirectBillRule)[Id][number];
/** The reason codes of the direct-bill rules. */
export type DirectBillReason = DirectBillReasonOf<DirectBillRuleId>;
export type DirectBillTexts = Readonly<Record<DirectBillReason, ReasonText>>;

// The keys of the literal above are exactly the rules, which the type of `Object.keys` does not say.
export const directBillRuleIds = Object.keys(
  reasonsOfDirectBillRule,
) as readonly DirectBillRuleId[];
/** In rulebook order. */
export const directBillReasons: readonly DirectBillReason[] =
  Object.values(reasonsOfDirectBillRule).flat();
