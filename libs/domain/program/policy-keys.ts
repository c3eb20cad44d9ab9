import { compareDecimals, isDecimal } from '../shared/money.js';
import type { Policy } from './policy.js';

export type ValueFault = 'range' | 'format' | 'enum';

export interface PolicyKey<Value> {
  readonly unit: string;
  /** The rule of the rulebook, or the part of the program's terms, that reads it. */
  readonly rule: string;
  readonly meaning: string;
  /** The allowed values, for the documentation. */
  readonly values: string;
  readonly fault: (value: Value) => ValueFault | undefined;
}

/** Every key of a policy. `docs/policy.md` shows this table; a test compares both. */
export const policyKeys: { readonly [Key in keyof Policy]: PolicyKey<Policy[Key]> } = {
  tenantCheckRequired: flag(
    'TENANT-2',
    'whether a tenant must have been checked for CSP association before an order',
  ),
  tenantCheckMaxAgeDays: whole(
    'days',
    36_500,
    'TENANT-2',
    'how old that check may be on the order date',
  ),
  customerRelationshipRequired: flag(
    'RELATIONSHIP-1',
    'whether the seller must have a relationship with the customer',
  ),
  trailingRevenueThreshold: money(
    'USD',
    2,
    'DIRECT-1',
    'the trailing revenue that direct billing requires',
  ),
  revenueWindow: oneOf(
    ['rolling-12-months', 'calendar-months'],
    'trailing revenue',
    'which entries the twelve months include',
  ),
  revenueBasis: oneOf(
    ['billed', 'paid'],
    'trailing revenue',
    'whether revenue counts when it is billed or when it is paid',
  ),
  revenueAmount: oneOf(
    ['microsoft-billed', 'own-invoices'],
    'trailing revenue',
    'whose amounts count',
  ),
  excludedFamilies: someOf(
    ['cloud', 'perpetual-software', 'partner-owned'],
    'families',
    'trailing revenue',
    'the offer families whose revenue does not count',
    0,
  ),
  tenureMonths: whole(
    'months',
    1_200,
    'DIRECT-2',
    'the tenure as an indirect reseller that direct billing requires',
  ),
  tenureGapDays: whole(
    'days',
    36_500,
    'DIRECT-2',
    'the longest interruption that does not end a tenure',
  ),
  supportPlans: someOf(
    ['advanced', 'premier'],
    'plans',
    'SELLER-5, DIRECT-3',
    'the support plans that are accepted',
    1,
  ),
  assessmentValidMonths: whole(
    'months',
    1_200,
    'DIRECT-4',
    'how long a third-party assessment of the capabilities is valid',
  ),
  serviceRequired: flag(
    'DIRECT-6',
    'whether a managed service, IP service or customer solution must be on record',
  ),
  suspendAfterDays: whole(
    'days after the restriction',
    36_500,
    'yearly re-check',
    'when a restricted authorization is suspended',
  ),
  revokeAfterDays: whole(
    'days after the restriction',
    36_500,
    'yearly re-check',
    'when a restricted authorization is revoked',
  ),
  cancellationWindowDays: whole(
    'days',
    36_500,
    'cancellation',
    'how long an order can be cancelled',
  ),
  perpetualCancellationWindowDays: whole(
    'days',
    36_500,
    'cancellation',
    'how long an order of perpetual software can be cancelled',
  ),
  prorationRounding: oneOf(
    ['truncate', 'half-even'],
    'proration',
    'how the total of a prorated line is rounded',
  ),
  reconciliationTolerance: money(
    'of the currency compared',
    4,
    'reconciliation',
    "the largest difference between Microsoft's line and our own that is ignored",
  ),
};

/** The first value that no policy may have, with its key. */
export function policyFault(
  policy: Policy,
): { readonly key: keyof Policy; readonly rule: ValueFault } | undefined {
  for (const key of keysOf(policyKeys)) {
    const rule = faultOf(policy, key);
    if (rule) return { key, rule };
  }
  return undefined;
}

export const samePolicy = (a: Policy, b: Policy): boolean =>
  keysOf(policyKeys).every((key) => sameValue(a[key], b[key]));

const faultOf = <Key extends keyof Policy>(policy: Policy, key: Key): ValueFault | undefined =>
  policyKeys[key].fault(policy[key]);

const sameValue = (a: Policy[keyof Policy], b: Policy[keyof Policy]): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((value, index) => value === b[index])
    : a === b;

// `Object.keys` of a table that has exactly the policy's keys (its type says so).
const keysOf = <Table extends object>(table: Table): readonly (keyof Table)[] =>
  Object.keys(table) as (keyof Table)[];

function flag(rule: string, meaning: string): PolicyKey<boolean> {
  return {
    unit: '–',
    rule,
    meaning,
    values: '`true` or `false`',
    fault: (value) => (typeof value === 'boolean' ? undefined : 'format'),
  };
}

function whole(unit: string, most: number, rule: string, meaning: string): PolicyKey<number> {
  return {
    unit,
    rule,
    meaning,
    values: `a whole number from 0 to ${most}`,
    fault: (value) =>
      Number.isSafeInteger(value) && value >= 0 && value <= most ? undefined : 'range',
  };
}

function money(unit: string, digits: 2 | 4, rule: string, meaning: string): PolicyKey<string> {
  return {
    unit,
    rule,
    meaning,
    values: `a decimal string, not negative, at most ${digits} digits after the point`,
    fault: (value) => {
      if (!isDecimal(value) || (value.split('.')[1] ?? '').length > digits) return 'format';
      return compareDecimals(value, '0') < 0 ? 'range' : undefined;
    },
  };
}

function oneOf<const Value extends string>(
  values: readonly Value[],
  rule: string,
  meaning: string,
): PolicyKey<Value> {
  return {
    unit: '–',
    rule,
    meaning,
    values: listed(values),
    fault: (value) => (values.includes(value) ? undefined : 'enum'),
  };
}

function someOf<const Value extends string>(
  values: readonly Value[],
  unit: string,
  rule: string,
  meaning: string,
  least: 0 | 1,
): PolicyKey<readonly Value[]> {
  return {
    unit,
    rule,
    meaning,
    values: `a list of ${listed(values)}, each once${least === 1 ? ', one at least' : ''}`,
    fault: (chosen) => {
      if (!chosen.every((value) => values.includes(value))) return 'enum';
      return chosen.length >= least && new Set(chosen).size === chosen.length ? undefined : 'range';
    },
  };
}

function listed(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(', ');
}
