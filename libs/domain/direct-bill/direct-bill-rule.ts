import { type Evidence, type Finding, type FindingFacts } from '../gate/case/rule.js';
import type { Bilingual } from '../gate/case/rule.js';
import type { Presence } from '../gate/case/presence.js';
import type { MarketRow, Program, PublishedPolicy } from '../program/program.js';
import type { Partner } from '../partner/partner.js';
import type { EventRef } from '../shared/event.js';
import type { PartnerId } from '../shared/ids.js';
import type { CapabilitiesAssessment } from './assessment.js';
import type {
  DirectBillReason,
  DirectBillReasonOf,
  DirectBillRuleId,
} from './direct-bill-reasons.js';
import type { RevenueAmount } from '../qualification/revenue.js';

/** All facts that a judgement of direct billing may use. */
export interface DirectBillFacts {
  readonly asOf: string;
  readonly program: Program;
  readonly partner: Partner;
  /** Every provider of `providersOfTenure(partner)`. */
  readonly providers: ReadonlyMap<PartnerId, Partner>;
  /** The partner's amounts, with the reviews in force on `asOf`. */
  readonly revenue: readonly RevenueAmount[];
  /** Of all the partner's applications, in the log's order. */
  readonly assessments: readonly CapabilitiesAssessment[];
}

/**
 * `entry`: for a partner that applies. `yearly`: for one that bills directly; direct-bill revenue
 * counts too, and tenure is not required (both are requirements of the entry).
 */
export type DirectBillOccasion = 'entry' | 'yearly';

/** A partner as judged: the facts, and values that several rules derive from them. */
export interface DirectBillCase extends DirectBillFacts {
  readonly occasion: DirectBillOccasion;
  /** In force on `asOf`. */
  readonly publishedPolicy: PublishedPolicy;
  readonly presence: readonly Presence[];
  /** The market in which the partner is registered; absent if its country is not a CSP market. */
  readonly market: MarketRow | undefined;
}

type Findings<R extends string> = Finding<R> | readonly Finding<R>[];

export interface DirectBillRule {
  readonly id: DirectBillRuleId;
  /** The sentence of the program that this rule enforces. */
  readonly source: Bilingual;
  /** Never an empty list. */
  judge(directBillCase: DirectBillCase): Findings<DirectBillReason>;
}

export const directBillRule = <Id extends DirectBillRuleId>(
  id: Id,
  source: Bilingual,
  judge: (directBillCase: DirectBillCase) => Findings<DirectBillReasonOf<Id>>,
): DirectBillRule => ({ id, source, judge });

/** A finding of a rule, with the events that it refers to. */
export interface DirectBillCheck {
  readonly rule: DirectBillRuleId;
  readonly outcome: 'pass' | 'fail' | 'not-applicable';
  readonly reason?: DirectBillReason;
  readonly facts: FindingFacts;
  /** Each once. */
  readonly evidence: readonly EventRef[];
}

const outcomes = { p: 'pass', f: 'fail', n: 'not-applicable' } as const;

export const checkOf = (
  rule: DirectBillRuleId,
  { outcome, reason, facts, evidence }: Finding<DirectBillReason>,
): DirectBillCheck => ({
  rule,
  outcome: outcomes[outcome],
  ...(reason !== 0 && { reason }),
  facts: facts === 0 ? {} : facts,
  evidence: eachOnce(evidence),
});

function eachOnce(evidence: Evidence): readonly EventRef[] {
  const proofs = new Map<string, EventRef>();
  for (const proof of evidence.flat()) if (proof) proofs.set(proof.eventId, proof);
  return [...proofs.values()];
}
