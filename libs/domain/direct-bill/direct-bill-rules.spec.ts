import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../program/policy.js';
import { directBillReasons, directBillRuleIds } from './direct-bill-reasons.js';
import type { DirectBillFacts } from './direct-bill-rule.js';
import { directBillReasonsOf, directBillRules, judgeDirectBill } from './direct-bill-rules.js';
import { renderDirectBillChecks } from './direct-bill-view.js';
import {
  amount,
  assessment,
  eligible,
  kansai,
  program,
  record,
  today,
} from '../qualification/testing/eligible-partner.js';
import {
  membership,
  partnerOf,
  type PartnerStory,
  registered,
  relationship,
} from '../qualification/testing/partners.js';

const without = (
  what: keyof typeof record,
  ...instead: PartnerStory
): Partial<DirectBillFacts> => ({
  partner: kansai(...Object.values({ ...record, [what]: false }), ...instead),
});
const under = (policy: Partial<Policy>): Partial<DirectBillFacts> => ({ program: program(policy) });
const reasons = (change: Partial<DirectBillFacts>, occasion: 'entry' | 'yearly' = 'entry') =>
  directBillReasonsOf(judgeDirectBill({ ...eligible, ...change }, occasion).checks);

it('lists every rule, in the order of its reasons', () => {
  expect(directBillRules.map(({ id }) => id)).toEqual(directBillRuleIds);
});

describe('a partner that meets every rule', () => {
  it('is eligible, with evidence for each rule', () => {
    const { eligible: isEligible, checks } = judgeDirectBill(eligible, 'entry');
    expect(isEligible).toBe(true);
    expect(checks.map(({ rule, outcome }) => `${rule} ${outcome}`)).toEqual(
      directBillRuleIds.map((id) => `${id} pass`),
    );
    for (const { evidence } of checks) expect(evidence.length).toBeGreaterThan(0);
  });

  it('refers to the events of partner and provider, each once', () => {
    const tenure = judgeDirectBill(eligible, 'entry').checks.find(
      ({ rule }) => rule === 'DIRECT-2',
    );
    expect(tenure?.facts).toEqual({
      status: 'satisfied',
      months: 82,
      requiredMonths: 12,
      since: '2020-01-01',
    });
    const ids = tenure?.evidence.map(({ eventId }) => eventId);
    expect(ids).toEqual([
      'kansai-0',
      'kansai-2',
      'kansai-1',
      'provider-0',
      'provider-1',
      'program-0',
    ]);
  });
});

describe('each rule', () => {
  it.each<[string, Partial<DirectBillFacts>, readonly string[]]>([
    [
      'revenue a cent short',
      { revenue: [amount('299999.99')] },
      ['trailing-revenue-below-threshold'],
    ],
    [
      'revenue sold as another model',
      { revenue: [amount('300000.00', { soldAs: 'direct-bill' })] },
      ['trailing-revenue-below-threshold'],
    ],
    [
      'a lower threshold',
      { revenue: [amount('100.00')], ...under({ trailingRevenueThreshold: '100.00' }) },
      [],
    ],
    ['a year of tenure', without('tenure', relationship('provider', { from: '2025-11-22' })), []],
    [
      'a year less a day',
      without('tenure', relationship('provider', { from: '2025-11-23' })),
      ['tenure-too-short'],
    ],
    ['no tenure', without('tenure'), ['tenure-too-short']],
    ['no support plan', without('supportPlan'), ['support-plan-inactive']],
    [
      'a plan that the policy does not list',
      under({ supportPlans: ['premier'] }),
      ['support-plan-inactive'],
    ],
    ['no assessment', { assessments: [] }, ['capability-not-assessed']],
    [
      'an assessment that expires today',
      { assessments: [assessment('2025-11-22')] },
      ['capability-not-assessed'],
    ],
    [
      'an assessment of tomorrow',
      { assessments: [assessment('2026-11-23')] },
      ['capability-not-assessed'],
    ],
    [
      'an assessment that is valid for longer',
      { assessments: [assessment('2025-11-22')], ...under({ assessmentValidMonths: 13 }) },
      [],
    ],
    [
      'a failed assessment',
      { assessments: [assessment('2026-01-01', ['security'])] },
      ['capability-failed'],
    ],
    [
      'a later one that passed',
      { assessments: [assessment('2026-02-01'), assessment('2026-01-01', ['security'])] },
      [],
    ],
    [
      'the last of one day',
      { assessments: [assessment('2026-01-01'), assessment('2026-01-01', ['billing'])] },
      ['capability-failed'],
    ],
    ['no location', without('location'), ['seller-location-missing']],
    [
      'a location elsewhere',
      without('location', {
        type: 'PartnerLocationStarted',
        data: { partnerLocationId: 'lyon', country: 'FR' },
      }),
      ['seller-location-missing'],
    ],
    [
      'registered in no market',
      {
        partner: partnerOf(
          'kansai',
          registered('kansai', 'indirect-reseller', 'KP'),
          ...Object.values(record),
        ),
      },
      ['seller-location-missing'],
    ],
    ['no membership', without('membership'), ['tenure-too-short', 'seller-membership-inactive']],
    ['no service', without('service'), ['service-missing']],
    [
      'a service that the policy does not require',
      { ...without('service'), ...under({ serviceRequired: false }) },
      [],
    ],
    ['no signing authority', without('signingAuthority'), ['seller-signing-authority-missing']],
    [
      'nothing at all',
      { partner: kansai(), revenue: [], assessments: [] },
      directBillReasons.filter((reason) => reason !== 'capability-failed'),
    ],
  ])('%s', (_what, change, expected) => {
    expect(reasons(change)).toEqual(expected);
  });

  it('reports the shortfall in the reader’s language', () => {
    const { checks } = judgeDirectBill({ ...eligible, revenue: [amount('299999.99')] }, 'entry');
    const [check] = renderDirectBillChecks(checks, 'en');
    expect(check).toMatchObject({
      rule: 'DIRECT-1',
      outcome: 'fail',
      facts: {
        total: '299999.99',
        threshold: '300000.00',
        shortfall: '0.01',
        from: '2025-11-23',
        to: today,
      },
    });
    expect(check?.message).toContain('is USD 299999.99, 0.01 below');
    expect(renderDirectBillChecks(checks, 'ja')[0]?.message).toContain('不足額 0.01 USD');
  });

  it('names each capability that failed', () => {
    const { checks } = judgeDirectBill(
      { ...eligible, assessments: [assessment(today, ['billing', 'security'])] },
      'entry',
    );
    expect(checks.filter(({ rule }) => rule === 'DIRECT-4')).toMatchObject([
      { facts: { capabilities: ['billing', 'security'] } },
    ]);
  });
});

describe('a year later', () => {
  it('counts direct-bill revenue too, and asks for no tenure', () => {
    const sold = {
      ...without('tenure'),
      revenue: [amount('200000.00'), amount('100000.00', { soldAs: 'direct-bill' })],
    };
    expect(reasons(sold)).toEqual(['trailing-revenue-below-threshold', 'tenure-too-short']);
    expect(reasons(sold, 'yearly')).toEqual([]);
    const provided = { revenue: [amount('300000.00', { soldAs: 'indirect-provider' })] };
    expect(reasons(provided, 'yearly')).toEqual(['trailing-revenue-below-threshold']);
  });

  it('applies all other rules again', () => {
    const rest = directBillReasons.filter(
      (reason) => reason !== 'tenure-too-short' && reason !== 'capability-failed',
    );
    expect(reasons({ partner: kansai(), revenue: [], assessments: [] }, 'yearly')).toEqual(rest);
    expect(reasons({ partner: kansai(membership({ from: today })) }, 'yearly')).not.toContain(
      'seller-membership-inactive',
    );
  });
});
