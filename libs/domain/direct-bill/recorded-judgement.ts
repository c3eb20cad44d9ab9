import type { FindingFacts } from '../gate/case/rule.js';
import type { StreamName } from '../shared/ids.js';
import type { DirectBillReason, DirectBillRuleId } from './direct-bill-reasons.js';
import type { DirectBillCheck, DirectBillOccasion } from './direct-bill-rule.js';

/**
 * The judgement that confirmed or approved an application, as the log stores it: without texts, and
 * only with the facts that decided.
 */
export interface RecordedJudgement {
  readonly asOf: string;
  readonly occasion: DirectBillOccasion;
  /** Revision of its `PolicyPublished` in `program`. */
  readonly policy: number;
  /**
   * The streams that it read, with their revisions; −1 when absent. Revenue is known up to the
   * log's head at that moment.
   */
  readonly reads: readonly (readonly [stream: StreamName, revision: number])[];
  readonly checks: readonly RecordedCheck[];
}

export interface RecordedCheck {
  readonly rule: DirectBillRuleId;
  readonly outcome: DirectBillCheck['outcome'];
  readonly reason?: DirectBillReason;
  readonly facts: FindingFacts;
}

export const recordedCheck = ({
  rule,
  outcome,
  reason,
  facts,
}: DirectBillCheck): RecordedCheck => ({
  rule,
  outcome,
  ...(reason !== undefined && { reason }),
  facts,
});
