import type { Reason } from '../../order/reasons.js';

/**
 * What a person reads of a reason. `message` says what happened and what to do next. `{name}` is
 * filled in from the check's facts; what stands in `[…]` is left out when one of its facts is
 * absent, so that every message also reads well without any.
 */
export interface ReasonText {
  readonly title: string;
  readonly message: string;
}
export type ReasonTexts = Readonly<Record<Reason, ReasonText>>;
