import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { defaultPolicy } from './default-policy.js';
import type { Policy } from './policy.js';
import { policyFault, type PolicyKey, policyKeys, samePolicy } from './policy-keys.js';

const keys = Object.entries(policyKeys) as [keyof Policy, PolicyKey<never>][];
const root = new URL('../../../', import.meta.url);

const policyTable = (): string =>
  keys
    .map(
      ([key, { unit, rule, meaning, values }]) =>
        `| \`${key}\` | ${unit} | \`${JSON.stringify(defaultPolicy[key])}\` | ${values} | ${rule} | ${meaning} |`,
    )
    .join('\n');

describe('a policy', () => {
  it('has the default values of the rulebook', () => {
    expect(defaultPolicy).toEqual({
      tenantCheckRequired: true,
      tenantCheckMaxAgeDays: 365,
      customerRelationshipRequired: false,
      trailingRevenueThreshold: '300000.00',
      revenueWindow: 'rolling-12-months',
      revenueBasis: 'billed',
      revenueAmount: 'microsoft-billed',
      excludedFamilies: ['perpetual-software'],
      tenureMonths: 12,
      tenureGapDays: 0,
      supportPlans: ['advanced', 'premier'],
      assessmentValidMonths: 12,
      serviceRequired: true,
      suspendAfterDays: 30,
      revokeAfterDays: 60,
      cancellationWindowDays: 7,
      perpetualCancellationWindowDays: 30,
      prorationRounding: 'truncate',
      reconciliationTolerance: '0.01',
    });
    expect(policyFault(defaultPolicy)).toBeUndefined();
  });

  it.each<[keyof Policy, unknown, string | undefined]>([
    ['tenantCheckRequired', false, undefined],
    ['tenantCheckRequired', 'false', 'format'],
    ['tenantCheckMaxAgeDays', 0, undefined],
    ['tenantCheckMaxAgeDays', -1, 'range'],
    ['tenantCheckMaxAgeDays', 36_500, undefined],
    ['tenantCheckMaxAgeDays', 36_501, 'range'],
    ['tenantCheckMaxAgeDays', 1.5, 'range'],
    ['tenureMonths', 1_200, undefined],
    ['tenureMonths', 1_201, 'range'],
    ['trailingRevenueThreshold', '0', undefined],
    ['trailingRevenueThreshold', '1000000.00', undefined],
    ['trailingRevenueThreshold', '-0.01', 'range'],
    ['trailingRevenueThreshold', '0.001', 'format'],
    ['trailingRevenueThreshold', '1e6', 'format'],
    ['reconciliationTolerance', '0', undefined],
    ['revenueWindow', 'calendar-months', undefined],
    ['revenueWindow', 'calendar-year', 'enum'],
    ['excludedFamilies', [], undefined],
    ['excludedFamilies', ['cloud', 'cloud'], 'range'],
    ['excludedFamilies', ['hardware'], 'enum'],
    ['supportPlans', ['premier'], undefined],
    ['supportPlans', [], 'range'],
    ['prorationRounding', 'half-even', undefined],
    ['prorationRounding', 'up', 'enum'],
  ])('%s %j: %s', (key, value, rule) => {
    expect(policyFault({ ...defaultPolicy, [key]: value })).toEqual(rule && { key, rule });
  });

  it('is the same when every key is', () => {
    expect(
      samePolicy(defaultPolicy, { ...defaultPolicy, supportPlans: ['advanced', 'premier'] }),
    ).toBe(true);
    expect(samePolicy(defaultPolicy, { ...defaultPolicy, supportPlans: ['premier'] })).toBe(false);
    expect(
      samePolicy(defaultPolicy, {
        ...defaultPolicy,
        supportPlans: ['advanced', 'basic' as 'premier'],
      }),
    ).toBe(false);
    expect(samePolicy(defaultPolicy, { ...defaultPolicy, tenureMonths: 13 })).toBe(false);
  });
});

describe('the documentation of policies', () => {
  it('lists every key with the unit and default of the code', () => {
    expect(readFileSync(new URL('docs/policy.md', root), 'utf8')).toContain(`\n${policyTable()}\n`);
  });

  it('ships the terms of 2025-10-01', () => {
    const terms = JSON.parse(
      readFileSync(new URL('policies/2025-10-01.json', root), 'utf8'),
    ) as Partial<Policy>;
    expect(terms).toEqual({ trailingRevenueThreshold: '1000000.00', serviceRequired: false });
    expect(policyFault({ ...defaultPolicy, ...terms })).toBeUndefined();
  });
});
