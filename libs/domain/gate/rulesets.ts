import { orderGate, type Ruleset } from './rulebook.js';

/** Every ruleset ever released, oldest first; a new log begins with the last. A change of a rule is a new one: what an old one judged must come out again. */
export const rulesets: readonly Ruleset[] = [{ name: '2026-11', rules: orderGate }];

/** `undefined`: this build does not know it, and must refuse to judge rather than judge by another. */
export const rulesetNamed = (name: string): Ruleset | undefined => rulesets.find((ruleset) => ruleset.name === name);
