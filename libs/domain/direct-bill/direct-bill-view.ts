import type { RenderedEvidence } from '../gate/decision-view.js';
import type { FindingFacts } from '../gate/case/rule.js';
import type { Language } from '../gate/texts/reason-text.js';
import type { DirectBillReason, DirectBillRuleId } from './direct-bill-reasons.js';
import type { DirectBillCheck } from './direct-bill-rule.js';
import { directBillMessage } from './direct-bill-texts.js';

/** A check as the API shows it, in the shape of the gate's. */
export interface RenderedDirectBillCheck {
  readonly rule: DirectBillRuleId;
  readonly outcome: 'pass' | 'fail' | 'not-applicable';
  readonly reason?: DirectBillReason;
  readonly message?: string;
  readonly facts: FindingFacts;
  readonly evidence: readonly RenderedEvidence[];
}

export const renderDirectBillChecks = (
  checks: readonly DirectBillCheck[],
  language: Language,
): readonly RenderedDirectBillCheck[] => checks.map((check) => rendered(check, language));

const rendered = (
  { rule, outcome, reason, facts, evidence }: DirectBillCheck,
  language: Language,
): RenderedDirectBillCheck => ({
  rule,
  outcome,
  ...(reason !== undefined && { reason, message: directBillMessage(reason, language, facts) }),
  facts,
  evidence: evidence.map(({ eventId, stream, revision }) => ({ eventId, stream, revision })),
});
