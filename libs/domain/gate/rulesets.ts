import { orderGate, type Ruleset } from './rulebook.js';
import { AGREEMENT_1_OF_2026_11 } from './rules/agreement.rules.js';
import { OFFER_2_OF_2026_11 } from './rules/offer.rules.js';

/**
 * The ruleset before decision 0036: it judges agreement versions by their name alone, and accepts
 * amounts of any size.
 */
const orderGateOf202611 = orderGate.map((rule) => {
  if (rule.id === 'AGREEMENT-1') return AGREEMENT_1_OF_2026_11;
  return rule.id === 'OFFER-2' ? OFFER_2_OF_2026_11 : rule;
});

/**
 * Every ruleset ever released, oldest first; a new log begins with the last. A changed rule needs a
 * new ruleset, because decisions of the old one must be reproduced.
 */
export const rulesets: readonly Ruleset[] = [
  { name: '2026-11', rules: orderGateOf202611, amounts: 'any', hasPartnerOffers: false },
  { name: '2026-12', rules: orderGate, amounts: 'recordable', hasPartnerOffers: false },
  { name: '2027-01', rules: orderGate, amounts: 'recordable', hasPartnerOffers: true },
];

/** Undefined if this build does not know the ruleset. The caller must not use another one. */
export const rulesetNamed = (name: string): Ruleset | undefined =>
  rulesets.find((ruleset) => ruleset.name === name);
