import { orderGate, type Ruleset } from './rulebook.js';
import { AGREEMENT_1_OF_2026_11 } from './rules/agreement.rules.js';
import { CREDIT_1_OF_2026 } from './rules/credit.rules.js';
import { OFFER_2_OF_2026_11 } from './rules/offer.rules.js';

/** No order was judged by its customer's credit limit. */
const orderGateOf202612 = orderGate.map((rule) =>
  rule.id === 'CREDIT-1' ? CREDIT_1_OF_2026 : rule,
);

/**
 * The ruleset before decision 0036: it judges agreement versions by their name alone, and accepts
 * amounts of any size.
 */
const orderGateOf202611 = orderGateOf202612.map((rule) => {
  if (rule.id === 'AGREEMENT-1') return AGREEMENT_1_OF_2026_11;
  return rule.id === 'OFFER-2' ? OFFER_2_OF_2026_11 : rule;
});

/**
 * Every ruleset ever released, oldest first; a new log begins with the last. A changed rule needs a
 * new ruleset, because decisions of the old one must be reproduced.
 */
export const rulesets: readonly Ruleset[] = [
  {
    name: '2026-11',
    rules: orderGateOf202611,
    amounts: 'any',
    hasPartnerOffers: false,
    hasCreditLimits: false,
  },
  {
    name: '2026-12',
    rules: orderGateOf202612,
    amounts: 'recordable',
    hasPartnerOffers: false,
    hasCreditLimits: false,
  },
  {
    name: '2027-01',
    rules: orderGate,
    amounts: 'recordable',
    hasPartnerOffers: true,
    hasCreditLimits: true,
  },
];

/** Undefined if this build does not know the ruleset. The caller must not use another one. */
export const rulesetNamed = (name: string): Ruleset | undefined =>
  rulesets.find((ruleset) => ruleset.name === name);
