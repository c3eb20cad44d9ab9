import { describe, expect, it } from '@jest/globals';
import { reasons, reasonsOfRule, ruleIds } from '../order/reasons.js';
import { orderGate, reasonsOf } from './rulebook.js';
import { rulesetNamed } from './rulesets.js';
import { acceptedDirectOrder, acceptedOrder } from './testing/accepted-order.js';
import { refusedFor, refusedForMuch } from './testing/stories.js';

describe('the order gate', () => {
  it('has every rule of the rulebook, in its order', () => {
    expect(orderGate.map(({ id }) => id)).toEqual(ruleIds);
  });

  it('has the sentence that each rule enforces, in both languages', () => {
    for (const { source } of orderGate) {
      expect(source.en).toMatch(/^[A-Z].{20,}\.$/);
      expect(source.ja).toMatch(/[ぁ-ん].{10,}。$/);
    }
  });

  it.each([
    ['an indirect reseller’s order', acceptedOrder],
    ['a direct-bill partner’s order', acceptedDirectOrder],
  ])('accepts %s that meets every rule', (_whose, world) => {
    const { decision, total } = world.judge();
    expect([decision.outcome, reasonsOf(decision), total]).toEqual([
      'accepted',
      [],
      { amount: '612.00', currency: 'EUR' },
    ]);
  });

  it.each(Object.entries(refusedFor))(
    'refuses for %s, and for no other reason',
    (reason, world) => {
      const { decision } = world.judge();
      const implied = reason === 'market-outside-region' ? ['seller-location-missing'] : [];
      expect([decision.outcome, reasonsOf(decision)]).toEqual(['refused', [...implied, reason]]);
    },
  );

  it('has a refused order for every reason but the credit limit', () => {
    expect(Object.keys(refusedFor)).toEqual(reasons);
    expect(new Set(Object.values(reasonsOfRule).flat()).size).toBe(reasons.length);
  });

  it('lists every reason, not only the first, in rulebook order', () => {
    expect(refusedForMuch.reasons()).toEqual([
      'seller-membership-inactive',
      'provider-relationship-missing',
      'currency-not-allowed',
      'agreement-missing',
      'tenant-csp-associated',
      'offer-not-on-price-list',
    ]);
  });

  it('names the policy of the date and the ruleset', () => {
    const { decision } = acceptedOrder.judge();
    expect(decision).toMatchObject({
      v: 1,
      policy: 2,
      ruleset: '2027-01',
      date: '2026-11-22',
      judgedAt: '2026-11-22T10:00:00.000Z',
    });
  });

  it('returns no ruleset that was not released', () => {
    expect(rulesetNamed('2026-10')).toBeUndefined();
  });

  it('makes a small decision', () => {
    expect(JSON.stringify(acceptedOrder.judge().decision).length).toBeLessThan(1_500);
  });
});
