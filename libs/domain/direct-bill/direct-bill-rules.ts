import type { Finding } from '../gate/case/rule.js';
import { presenceOf } from '../gate/case/presence.js';
import { programIndexOf } from '../gate/case/program-index.js';
import { requiredPolicyOn } from '../program/program.js';
import { type DirectBillReason, directBillReasons } from './direct-bill-reasons.js';
import {
  checkOf,
  type DirectBillCase,
  type DirectBillCheck,
  type DirectBillFacts,
  type DirectBillOccasion,
  type DirectBillRule,
} from './direct-bill-rule.js';
import { DIRECT_4, DIRECT_6 } from './capability.rules.js';
import { DIRECT_3, DIRECT_5, DIRECT_7 } from './partner.rules.js';
import { DIRECT_1, DIRECT_2 } from './revenue-and-tenure.rules.js';

/** Direct-bill eligibility: every rule, in the order in which its reasons are reported. */
export const directBillRules: readonly DirectBillRule[] = [
  DIRECT_1, // trailing revenue reaches the threshold
  DIRECT_2, // (entry) an indirect reseller for long enough
  DIRECT_3, // an active support plan
  DIRECT_4, // all five capabilities assessed by a third party
  DIRECT_5, // an active membership, and a PartnerID in the region
  DIRECT_6, // (only if the policy asks) a service of its own
  DIRECT_7, // someone may sign for it
];

export interface DirectBillJudgement {
  readonly eligible: boolean;
  /** One check for each rule; if a rule fails for several reasons, one for each reason. */
  readonly checks: readonly DirectBillCheck[];
}

/** Evaluates every rule, so that a refusal lists all reasons and not only the first. */
export function judgeDirectBill(
  facts: DirectBillFacts,
  occasion: DirectBillOccasion,
): DirectBillJudgement {
  const directBillCase = caseOf(facts, occasion);
  const checks = directBillRules.flatMap(({ id, judge }) =>
    listOf(judge(directBillCase)).map((finding) => checkOf(id, finding)),
  );
  return { eligible: checks.every(({ outcome }) => outcome !== 'fail'), checks };
}

/** The distinct reasons of a judgement, in rulebook order. */
export const directBillReasonsOf = (
  checks: readonly DirectBillCheck[],
): readonly DirectBillReason[] =>
  directBillReasons.filter((reason) => checks.some((check) => check.reason === reason));

function caseOf(facts: DirectBillFacts, occasion: DirectBillOccasion): DirectBillCase {
  const { partner, asOf } = facts;
  const program = programIndexOf(facts.program);
  const { registration } = partner;
  return {
    ...facts,
    occasion,
    publishedPolicy: requiredPolicyOn(facts.program, asOf),
    presence: presenceOf(partner, program, asOf),
    market: registration && program.marketOf(registration.country, registration.marketCode),
  };
}

// `Array.isArray` does not narrow a readonly array away.
const listOf = (
  found: Finding<DirectBillReason> | readonly Finding<DirectBillReason>[],
): readonly Finding<DirectBillReason>[] => ('outcome' in found ? [found] : found);
