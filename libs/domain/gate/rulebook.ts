import { customerStream } from '../shared/streams.js';
import type { Money } from '../shared/money.js';
import { type Case, caseOf } from './case/case.js';
import { EvidenceList } from './evidence-list.js';
import type { Facts } from './case/facts.js';
import type { OrderRequest, PlacedOrderLine } from '../order/order.js';
import { type AmountsAllowed, pricedLines } from './case/line-pricing.js';
import { reasons, type Reason, type RuleId } from '../order/reasons.js';
import { type Finding, notApplicable, type Rule } from './case/rule.js';
import { AGREEMENT_1 } from './rules/agreement.rules.js';
import { CREDIT_1 } from './rules/credit.rules.js';
import { CUSTOMER_1 } from './rules/customer.rules.js';
import { MARKET_1, MARKET_2 } from './rules/market.rules.js';
import { OFFER_1, OFFER_2, OFFER_3 } from './rules/offer.rules.js';
import { SELLER_4 } from './rules/provider.rules.js';
import { RELATIONSHIP_1 } from './rules/relationship.rules.js';
import { SELLER_1, SELLER_2, SELLER_3, SELLER_5, SELLER_6 } from './rules/seller.rules.js';
import { TENANT_1, TENANT_2 } from './rules/tenant.rules.js';
import type { StoredCheck, StoredDecision } from '../order/stored-decision.js';

/** The order gate: every rule, in the order in which its reasons are reported. */
export const orderGate: readonly Rule[] = [
  SELLER_1, // registered, with an active membership of the AI Cloud Partner Program
  SELLER_2, // a PartnerID where it sells
  SELLER_3, // someone may sign for it
  SELLER_4, // (indirect reseller) an authorized indirect provider of the same region
  SELLER_5, // (direct bill) authorized, with an active support plan
  SELLER_6, // not itself an indirect provider
  MARKET_1, // the customer's country is a market in the seller's region
  MARKET_2, // in a currency of the seller's location or the customer's market
  CUSTOMER_1, // registered and not closed
  // the Microsoft Customer Agreement accepted, for its country, in a version still accepted
  AGREEMENT_1,
  TENANT_1, // the tenant is not associated with CSP
  TENANT_2, // and was looked up recently enough
  RELATIONSHIP_1, // (only if the policy asks) seller and customer have a relationship
  OFFER_1, // on this month's price list
  OFFER_2, // in that term, billing plan and quantity
  OFFER_3, // for that segment
  CREDIT_1, // within the customer's credit limit
];

/**
 * A named list of rules. A released one stays runnable, so that its decisions can be reproduced.
 */
export interface Ruleset {
  readonly name: string;
  readonly rules: readonly Rule[];
  /** The amounts that its decisions may have. */
  readonly amounts: AmountsAllowed;
  /** Whether a seller can sell offers that it owns. */
  readonly hasPartnerOffers: boolean;
  /** Whether it judges the credit limit of a customer. */
  readonly hasCreditLimits: boolean;
}

export interface Judgement {
  readonly decision: StoredDecision;
  /** The order's lines with the price-list rows that were chosen for them. */
  readonly lines: readonly PlacedOrderLine[];
  /** Absent when a line has no price, or an amount is too large. */
  readonly total?: Money;
}

/** Evaluates every rule, so that a refusal lists all reasons and not only the first. */
export function judge(order: OrderRequest, facts: Facts, ruleset: Ruleset): Judgement {
  const gateCase = caseOf(order, facts);
  const evidence = new EvidenceList(customerStream(order.tenantId), facts.reads);
  const checks: StoredCheck[] = [];
  for (const rule of ruleset.rules) {
    const { id } = rule;
    const found = findingsOf(rule, gateCase);
    if (isSingle(found)) checks.push(stored(id, found, evidence));
    else for (const finding of found) checks.push(stored(id, finding, evidence));
  }

  const priced = pricedLines(order, gateCase.offers, ruleset.amounts);
  const decision: StoredDecision = {
    checks,
    date: facts.time.date,
    evidence: evidence.entries,
    judgedAt: facts.time.instant,
    outcome: checks.some(failed) ? 'refused' : 'accepted',
    policy: gateCase.publishedPolicy.proof.revision,
    reads: evidence.reads,
    ruleset: ruleset.name,
    v: 1,
  };
  return { decision, ...priced };
}

/**
 * An order of only partner-owned offers is not a CSP sale, so the program's rules do not apply to
 * it. The seller, the customer and its credit limit are judged as for any order, and the seller's
 * own list must have the lines.
 */
function findingsOf({ id, judge }: Rule, gateCase: Case): ReturnType<Rule['judge']> {
  if (!gateCase.isPartnerOwned || judgedOfEverySale.has(id)) return judge(gateCase);
  if (!refusingOfEverySale.has(id)) return notApplicable;
  const found = judge(gateCase);
  const findings = isSingle(found) ? [found] : found;
  return findings.some(({ outcome }) => outcome === 'f') ? findings : notApplicable;
}

const judgedOfEverySale: ReadonlySet<RuleId> = new Set(['SELLER-1', 'CUSTOMER-1', 'CREDIT-1']);
const refusingOfEverySale: ReadonlySet<RuleId> = new Set(['OFFER-1', 'OFFER-2']);

/** The distinct reasons of a refusal, in rulebook order. */
export function reasonsOf({ checks }: Pick<StoredDecision, 'checks'>): readonly Reason[] {
  const found = new Set(checks.map(([, , reason]) => reason));
  return reasons.filter((reason) => found.has(reason));
}

const failed = ([, outcome]: StoredCheck): boolean => outcome === 'f';

// `Array.isArray` does not narrow a readonly array away.
const isSingle = (found: Finding | readonly Finding[]): found is Finding => !Array.isArray(found);

const stored = (
  id: RuleId,
  { outcome, reason, lineIndex, facts, evidence }: Finding,
  list: EvidenceList,
): StoredCheck => [id, outcome, reason, lineIndex, facts, list.indexesOf(evidence)];
