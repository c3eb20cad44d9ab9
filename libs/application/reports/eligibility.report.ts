import type { RuleId } from '../../domain/order/reasons.js';
import { reasonsOf } from '../../domain/gate/rulebook.js';
import { requiredPolicyOn } from '../../domain/program/program.js';
import {
  sellerCustomerJudgements,
  type SellerCustomerJudgement,
} from '../qualification/seller-customer-judgements.js';
import {
  buysThrough,
  partnerCells,
  partnerColumns,
  policyVersionColumn,
  policyVersionOf,
  wantedPartners,
} from './partner-columns.js';
import { partyNames } from './party-names.js';
import { type ReportColumn, type Report, scopeToday } from './report.js';

/** The rules of the gate that need no order, in the order of the rulebook. Each has a column. */
const rules = [
  'SELLER-1',
  'SELLER-2',
  'SELLER-3',
  'SELLER-4',
  'SELLER-5',
  'SELLER-6',
  'MARKET-1',
  'CUSTOMER-1',
  'AGREEMENT-1',
  'TENANT-1',
  'TENANT-2',
  'RELATIONSHIP-1',
] as const satisfies readonly RuleId[];

const outcomes = { p: 'pass', f: 'fail', n: 'not-applicable' } as const;

export const eligibilityReport: Report = {
  name: 'eligibility',
  version: 1,
  hasPeriod: false,
  summary:
    'The gate’s result without an order, for each seller and customer with a relationship or an order',
  columns: [
    ...partnerColumns,
    { name: 'tenantId', type: 'text', description: "The customer's tenant" },
    {
      name: 'customerName',
      type: 'text',
      nullable: true,
      description: "The customer's legal name as known at knownAt",
    },
    { name: 'eligible', type: 'boolean', description: 'Whether all rules that need no order pass' },
    {
      name: 'reasons',
      type: 'text',
      nullable: true,
      description: 'Reason codes in rulebook order, separated by spaces',
    },
    ...rules.map((rule): ReportColumn => ({
      name: rule,
      type: 'text',
      description: `The result of ${rule}: pass, fail or not-applicable`,
    })),
    policyVersionColumn,
    { name: 'ruleset', type: 'text', description: 'The ruleset that the gate used' },
  ],
  async *pages(query, { readModels }) {
    const policyVersion = policyVersionOf(requiredPolicyOn(query.program, query.asOf));
    for await (const judged of sellerCustomerJudgements(readModels, query, {
      partnerIds: wantedPartners(query),
      scope: scopeToday(query),
    })) {
      const wanted = judged.flatMap(({ seller, ...pair }) =>
        seller && buysThrough(seller, query) ? [{ ...pair, seller }] : [],
      );
      const names = await partyNames(readModels, query.knownAt, {
        partners: wanted.map(({ seller }) => seller.partnerId),
        customers: wanted.map(({ tenantId }) => tenantId),
      });
      yield wanted.map(({ tenantId, seller, decision }) => {
        const reasons = reasonsOf(decision);
        return {
          ...partnerCells(seller, names, query),
          tenantId,
          customerName: names.customer(tenantId),
          eligible: decision.outcome === 'accepted',
          reasons: reasons.length > 0 ? reasons.join(' ') : null,
          ...outcomesOf(decision),
          policyVersion,
          ruleset: decision.ruleset,
        };
      });
    }
  },
};

/** A rule that fails for several reasons has one check for each reason. */
function outcomesOf({
  checks,
}: SellerCustomerJudgement['decision']): Readonly<Record<string, string>> {
  const of = new Map(checks.map(([rule, outcome]) => [rule, outcomes[outcome]]));
  return Object.fromEntries(rules.map((rule) => [rule, of.get(rule) ?? 'not-applicable']));
}
