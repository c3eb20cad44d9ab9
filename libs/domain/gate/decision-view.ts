import type { EventId, StreamName } from '../shared/ids.js';
import { partnerCenterCodes } from './partner-center-codes.js';
import { type Language, reasonMessage } from './reason-texts.js';
import type { Reason, RuleId } from '../order/reasons.js';
import type { Bilingual, FindingFacts } from './case/rule.js';
import type { Ruleset } from './rulebook.js';
import type { StoredCheck, StoredDecision } from '../order/stored-decision.js';

/**
 * A decision as the API shows it: the stored decision with names written out and texts in the
 * reader's language.
 */
export interface RenderedDecision {
  readonly outcome: 'accepted' | 'refused';
  readonly judgedAt: string;
  /** `<effectiveFrom>@<revision>` of the policy that it was judged by. */
  readonly policyVersion: string;
  readonly ruleset: string;
  readonly checks: readonly RenderedCheck[];
}

export interface RenderedCheck {
  readonly rule: RuleId;
  readonly outcome: 'pass' | 'fail' | 'not-applicable';
  readonly reason?: Reason;
  readonly lineIndex?: number;
  readonly message?: string;
  readonly partnerCenterCode?: string;
  readonly facts: FindingFacts;
  readonly evidence: readonly RenderedEvidence[];
}

export interface RenderedEvidence {
  readonly eventId: EventId;
  readonly stream: StreamName;
  readonly revision: number;
}

/**
 * `ownStream` is the stream of the decision; `policyEffectiveFrom` that of the policy at
 * `decision.policy`.
 */
export function renderDecision(
  decision: StoredDecision,
  ownStream: StreamName,
  language: Language,
  policyEffectiveFrom: string,
): RenderedDecision {
  const evidence = decision.evidence.map(([read, revision, eventId]): RenderedEvidence => {
    return { eventId, stream: decision.reads[read]?.[0] ?? ownStream, revision };
  });
  return rendered(decision, policyEffectiveFrom, (check) => renderCheck(check, language, evidence));
}

/** The decision without its checks. */
export const renderOutcome = (
  decision: StoredDecision,
  policyEffectiveFrom: string,
): Omit<RenderedDecision, 'checks'> => ({
  outcome: decision.outcome,
  judgedAt: decision.judgedAt,
  policyVersion: `${policyEffectiveFrom}@${decision.policy}`,
  ruleset: decision.ruleset,
});

/** The sentence of the program that a rule enforces, as the ruleset of the decision has it. */
export const sourceOf = (ruleset: Ruleset, id: RuleId): Bilingual | undefined =>
  ruleset.rules.find((rule) => rule.id === id)?.source;

const outcomes = { p: 'pass', f: 'fail', n: 'not-applicable' } as const;
const NONE: readonly never[] = [];
const NO_FACTS: FindingFacts = {};

const rendered = (
  decision: StoredDecision,
  policyEffectiveFrom: string,
  check: (check: StoredCheck) => RenderedCheck,
): RenderedDecision => ({
  ...renderOutcome(decision, policyEffectiveFrom),
  checks: decision.checks.map(check),
});

function renderCheck(
  stored: StoredCheck,
  language: Language,
  evidence: readonly RenderedEvidence[],
): RenderedCheck {
  const [rule, outcome, reason, lineIndex, facts, indexes] = stored;
  const shown = {
    facts: facts === 0 ? NO_FACTS : facts,
    evidence: indexes.length === 0 ? NONE : named(indexes, evidence),
  };
  if (reason === 0) return { rule, outcome: outcomes[outcome], ...shown };

  const code = partnerCenterCodes[reason];
  return {
    rule,
    outcome: outcomes[outcome],
    reason,
    ...(lineIndex >= 0 && { lineIndex }),
    message: reasonMessage(reason, language, facts),
    ...(code !== undefined && { partnerCenterCode: code }),
    ...shown,
  };
}

function named(
  indexes: readonly number[],
  evidence: readonly RenderedEvidence[],
): readonly RenderedEvidence[] {
  const events: RenderedEvidence[] = [];
  for (const index of indexes) {
    const event = evidence[index];
    if (event) events.push(event);
  }
  return events;
}
