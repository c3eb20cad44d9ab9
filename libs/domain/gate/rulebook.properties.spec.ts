import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judge } from './rulebook.js';
import { type RuleId, reasonsOfRule, ruleIds } from '../order/reasons.js';
import { rulesetNamed } from './rulesets.js';
import {
  acceptedOrder,
  location,
  observed,
  policy,
  registeredPartner,
  row,
  signed,
} from './testing/accepted-order.js';
import type { World } from './testing/world.js';
import { partnerId } from '../shared/ids.js';

type Step = readonly [what: string, change: (world: World) => World];

/** Each of these alone makes the order fail. */
const failing: readonly Step[] = [
  ['there was never a membership', (world) => world.withoutSeller('PartnerMembershipStarted')],
  ['no signing authority', (world) => world.withoutSeller('PartnerSigningAuthorityStarted')],
  [
    'no relationship with a provider',
    (world) => world.withoutSeller('PartnerProviderRelationshipStarted'),
  ],
  [
    'closed',
    (world) =>
      world.customer({ type: 'CustomerClosed', data: { on: '2026-11-01', reason: 'left' } }),
  ],
  ['associated', (world) => world.customer(observed(true, '2026-11-22'))],
  [
    'a partner’s CSP tenant',
    (world) =>
      world.customer({
        type: 'TenantCspAssociationRegistered',
        data: { partnerId: partnerId('res-9') },
      }),
  ],
  [
    'the version superseded',
    (world) =>
      world.program({
        type: 'AgreementVersionPublished',
        data: { version: 'default', from: '2026-01-01', acceptedUntil: '2026-11-21' },
      }),
  ],
  [
    'a relationship is required',
    (world) => world.program(policy({ customerRelationshipRequired: true })),
  ],
  ['no price list', (world) => world.withoutPriceLists()],
  ['another offer', (world) => world.orderingLine({ offerId: 'NONE:0001' })],
  ['another currency', (world) => world.ordering({ currency: 'USD' })],
];

/** None of these can make an order fail, or make a failing order pass. */
const harmless: readonly Step[] = [
  ['another location', (world) => world.seller(location('DE'))],
  ['a location elsewhere', (world) => world.seller(location('JP'))],
  [
    'another membership that is over',
    (world) =>
      world.seller({
        type: 'PartnerMembershipStarted',
        data: { from: '2020-01-01', to: '2020-12-31' },
      }),
  ],
  ['an older observation', (world) => world.customer(observed(false, '2026-10-01'))],
  ['an agreement in another language', (world) => world.customer(signed({ language: 'en-US' }))],
  ['another row', (world) => world.selling(row(), row({ row: 2, term: 'P3Y' }))],
  [
    'an unrelated partner',
    (world) =>
      world.partner(partnerId('res-2'), registeredPartner(partnerId('res-2'), 'FR', 'direct-bill')),
  ],
];

const apply = (steps: readonly Step[]): World =>
  steps.reduce((world, [, change]) => change(world), acceptedOrder);
const anyOf = (steps: readonly Step[]) => fc.subarray([...steps]);
const anyWorld = fc
  .tuple(anyOf(failing), anyOf(harmless))
  .map(([bad, good]) => apply([...good, ...bad]));

describe('for any facts, the gate', () => {
  it('refuses if one fact fails, and accepts if none does', () => {
    fc.assert(
      fc.property(anyOf(failing), anyOf(harmless), (bad, good) => {
        expect(apply([...good, ...bad]).judge().decision.outcome).toBe(
          bad.length > 0 ? 'refused' : 'accepted',
        );
      }),
    );
  });

  it('never accepts, or drops a reason except for a more general one, because one more fact fails', () => {
    fc.assert(
      fc.property(anyOf(failing), fc.constantFrom(...failing), (bad, one) => {
        const before = apply(bad).judge().decision;
        const after = apply([...bad, one]).judge().decision;
        if (before.outcome === 'refused') expect(after.outcome).toBe('refused');
        const rulesThatFail = (decision: typeof before): ReadonlySet<RuleId> =>
          new Set(decision.checks.filter(([, outcome]) => outcome === 'f').map(([rule]) => rule));
        expect(
          [...rulesThatFail(before)].filter((rule) => !rulesThatFail(after).has(rule)),
        ).toEqual([]);
      }),
    );
  });

  it('does not depend on the order of independent facts', () => {
    const shuffled = fc
      .tuple(anyOf(failing), anyOf(harmless))
      .chain(([bad, good]) =>
        fc.tuple(
          fc.constant([...bad, ...good]),
          fc.shuffledSubarray([...bad, ...good], { minLength: bad.length + good.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([steps, otherwise]) => {
        const [one, other] = [apply(steps), apply(otherwise)];
        expect(other.reasons()).toEqual(one.reasons());
        expect(ruleIds.map((rule) => other.verdict(rule))).toEqual(
          ruleIds.map((rule) => one.verdict(rule)),
        );
      }),
    );
  });

  it('does not depend on the order of reads', () => {
    fc.assert(
      fc.property(anyWorld, fc.func(fc.integer()), (world, rank) => {
        const facts = world.facts();
        const reads = [...facts.reads, ...facts.reads].sort((a, b) => rank(a) - rank(b));
        expect(judge(world.order, { ...facts, reads }, rulesetNamed('2027-01')!)).toEqual(
          world.judge(),
        );
      }),
    );
  });

  it('gives the same decision twice, as plain data that survives JSON', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const judgement = world.judge();
        expect(world.judge()).toEqual(judgement);
        expect(JSON.parse(JSON.stringify(judgement))).toStrictEqual(judgement);
      }),
    );
  });

  it('has a check of every rule, in order, with reasons of that rule and events that were read', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { decision } = world.judge();
        expect([...new Set(decision.checks.map(([rule]) => rule))]).toEqual(ruleIds);
        for (const [rule, outcome, reason, , , evidence] of decision.checks) {
          expect(outcome === 'f').toBe(reason !== 0);
          if (reason !== 0) expect(reasonsOfRule[rule]).toContain(reason);
          for (const index of evidence) expect(decision.evidence[index]).toBeDefined();
        }
        for (const [read] of decision.evidence)
          expect(read === -1 || decision.reads[read] !== undefined).toBe(true);
        expect(new Set(decision.evidence.map(([, , eventId]) => eventId)).size).toBe(
          decision.evidence.length,
        );
      }),
    );
  });
});
