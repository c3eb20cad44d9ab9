import { type Proposed, unreachable } from '../shared/event.js';
import { earliest, type Malformed, malformed } from '../shared/malformed.js';
import { compareDecimals, formatAmount, isCurrency, isDecimal } from '../shared/money.js';
import { accept, refuse, type Result } from '../shared/result.js';
import { defaultPolicy } from './default-policy.js';
import type { Policy } from './policy.js';
import { policyFault, samePolicy } from './policy-keys.js';
import type { Program, ProgramEvent } from './program.js';
import { policyOn } from './program-queries.js';
import { tick } from './tick.js';

export type ProgramCommand =
  | {
      readonly type: 'publish-policy';
      readonly effectiveFrom: string;
      readonly changes: Partial<Policy>;
    }
  | {
      readonly type: 'publish-agreement-version';
      readonly version: string;
      readonly from: string;
      /** `null` clears it. */ readonly acceptedUntil?: string | null;
    }
  | {
      readonly type: 'publish-exchange-rates';
      readonly month: string;
      readonly usdPerUnit: Readonly<Record<string, string>>;
    }
  | { readonly type: 'activate-ruleset'; readonly ruleset: string }
  /** `at` on a manual log only: sets the clock before the days are started. */
  | { readonly type: 'tick'; readonly on: string; readonly at?: string };

export type ProgramRefusal =
  | { readonly code: 'ruleset-unknown' }
  | { readonly code: 'clock-goes-back' }
  | { readonly code: 'clock-is-the-systems' }
  | { readonly code: 'day-not-reached' }
  | Malformed;

export interface ProgramDecisionFacts {
  /** The present instant, RFC 3339 in UTC. On a manual log: the time of its clock. */
  readonly now: string;
  /** Names of the rulesets that this build can judge by. */
  readonly knownRulesets: readonly string[];
}

export type ProgramDecision = Result<readonly Proposed<ProgramEvent>[], ProgramRefusal>;
type Command<Type extends ProgramCommand['type']> = Extract<ProgramCommand, { type: Type }>;

/** Returns the events to append (none if nothing changes), or the refusal. */
export function decideProgram(
  command: ProgramCommand,
  program: Program,
  facts: ProgramDecisionFacts,
): ProgramDecision {
  switch (command.type) {
    case 'publish-policy':
      return publishPolicy(command, program);
    case 'publish-agreement-version':
      return publishAgreementVersion(command, program);
    case 'publish-exchange-rates':
      return publishExchangeRates(command, program);
    case 'activate-ruleset':
      return activateRuleset(command, program, facts);
    case 'tick':
      return tick(command, program, facts.now);
    default:
      return unreachable(command);
  }
}

/** The event has every key: omitted keys are copied from the policy in force on that day. */
function publishPolicy(
  { effectiveFrom, changes }: Command<'publish-policy'>,
  program: Program,
): ProgramDecision {
  const inForce = policyOn(program, effectiveFrom);
  const stated = { ...(inForce?.policy ?? defaultPolicy), ...changes };
  const fault = policyFault(stated);
  if (fault) return refuse(malformed(`/${fault.key}`, { rule: fault.rule }));
  const policy = {
    ...stated,
    trailingRevenueThreshold: formatAmount(stated.trailingRevenueThreshold, 'USD'),
  };

  const same = inForce?.effectiveFrom === effectiveFrom && samePolicy(inForce.policy, policy);
  return accept(same ? [] : [{ type: 'PolicyPublished', data: { effectiveFrom, policy } }]);
}

/**
 * If a version is published again, its new dates apply to all agreements. Without `acceptedUntil`
 * it stays unchanged.
 */
function publishAgreementVersion(
  { version, from, acceptedUntil }: Command<'publish-agreement-version'>,
  program: Program,
): ProgramDecision {
  const known = program.agreementVersions.find((published) => published.version === version);
  const until = acceptedUntil === undefined ? known?.acceptedUntil : acceptedUntil;
  if (until != null && until < from) return refuse(malformed('/acceptedUntil', earliest(from)));

  const data = { version, from, ...(until != null && { acceptedUntil: until }) };
  const same = known?.from === from && known.acceptedUntil === data.acceptedUntil;
  return accept(same ? [] : [{ type: 'AgreementVersionPublished', data }]);
}

/**
 * A month's rates are one publication, which a later one replaces completely. Amounts that were
 * converted before keep their rate.
 */
function publishExchangeRates(
  { month, usdPerUnit }: Command<'publish-exchange-rates'>,
  program: Program,
): ProgramDecision {
  const rates = Object.entries(usdPerUnit);
  if (rates.length === 0)
    return refuse(malformed('/usdPerUnit', { rule: 'range', expected: 'rates' }));
  for (const [currency, rate] of rates) {
    const fault = rateFault(currency, rate);
    if (fault) return refuse(malformed(`/usdPerUnit/${currency}`, fault));
  }
  const known = program.exchangeRates.get(month)?.usdPerUnit;
  const same =
    known &&
    Object.keys(known).length === rates.length &&
    rates.every(([currency, rate]) => known[currency] === rate);
  return accept(same ? [] : [{ type: 'ExchangeRatesPublished', data: { month, usdPerUnit } }]);
}

function rateFault(currency: string, rate: string): Omit<Malformed, 'code' | 'path'> | undefined {
  if (!isCurrency(currency)) return { rule: 'enum', expected: 'currency' };
  if (!isDecimal(rate)) return { rule: 'format', expected: 'decimal' };
  if (compareDecimals(rate, '0') <= 0) return { rule: 'range', expected: 'positive' };
  // A US dollar is worth one US dollar.
  return currency === 'USD' && compareDecimals(rate, '1') !== 0
    ? { rule: 'range', expected: 'usd-rate' }
    : undefined;
}

/**
 * A new ruleset takes effect when an operator activates it. Only a ruleset that this build knows
 * can be activated.
 */
function activateRuleset(
  { ruleset }: Command<'activate-ruleset'>,
  program: Program,
  { knownRulesets }: ProgramDecisionFacts,
): ProgramDecision {
  if (!knownRulesets.includes(ruleset)) return refuse({ code: 'ruleset-unknown' });
  return accept(
    program.ruleset?.name === ruleset ? [] : [{ type: 'RulesetActivated', data: { ruleset } }],
  );
}
