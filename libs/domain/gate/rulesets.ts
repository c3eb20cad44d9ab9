import { orderGate, type Ruleset } from './rulebook.js';
import { AGREEMENT_1_OF_2026_11 } from './rules/agreement.rules.js';
import { OFFER_2_OF_2026_11 } from './rules/offer.rules.js';

/** Decision 0039: agreement versions by their name alone, and amounts of any size. */
const orderGateOf202611 = orderGate.map((rule) => {
  if (rule.id === 'AGREEMENT-1') return AGREEMENT_1_OF_2026_11;
  return rule.id === 'OFFER-2' ? OFFER_2_OF_2026_11 : rule;
});

/**
 * Every ruleset ever released, oldest first; a new log begins with the last. A change of a rule is
 * a new one: what an old one judged must come out again.
 */
export const rulesets: readonly Ruleset[] = [
  { name: '2026-11', rules: orderGateOf202611, amounts: 'any' },
  { name: '2026-12', rules: orderGate, amounts: 'recordable' },
];

/**
 * `undefined`: this build does not know it, and must refuse to judge rather than judge by another.
 */
export const rulesetNamed = (name: string): Ruleset | undefined =>
  rulesets.find((ruleset) => ruleset.name === name);
