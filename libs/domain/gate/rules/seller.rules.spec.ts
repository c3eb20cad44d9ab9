import { describe, expect, it } from '@jest/globals';
import type { PartnerEvent } from '../../partner/partner.js';
import type { Proposed } from '../../shared/event.js';
import { partnerStream } from '../../shared/streams.js';
import {
  acceptedDirectOrder,
  acceptedOrder,
  directBillId,
  location,
  policy,
  registeredCustomer,
  registeredPartner,
  resellerId,
  sealed,
  today,
} from '../testing/accepted-order.js';
import type { World } from '../testing/world.js';

const membership = (from: string): Proposed<PartnerEvent> => ({
  type: 'PartnerMembershipStarted',
  data: { from },
});
const unregistered = acceptedOrder.withoutSeller();

/** The seller's last fact of a kind, ended. */
const ended = (
  world: World,
  kind: 'PartnerMembership' | 'PartnerLocation' | 'PartnerSigningAuthority',
  on: string,
): World =>
  world.seller({
    type: `${kind}Ended`,
    data: {
      factId: world.eventIn(partnerStream(world.order.partnerId), `${kind}Started`),
      on,
      reason: 'over',
    },
  });

describe('SELLER-1: the seller is registered and its membership is active', () => {
  const without = acceptedOrder.withoutSeller('PartnerMembershipStarted');

  it.each<[string, World, string]>([
    ['an unregistered seller', unregistered, 'seller-unknown'],
    ['no membership', without, 'seller-membership-inactive'],
    ['a membership from today', without.seller(membership('2026-11-22')), 'pass'],
    [
      'a membership from tomorrow',
      without.seller(membership('2026-11-23')),
      'seller-membership-inactive',
    ],
    [
      'a membership ended from tomorrow',
      ended(acceptedOrder, 'PartnerMembership', '2026-11-23'),
      'pass',
    ],
    [
      'a membership ended from today',
      ended(acceptedOrder, 'PartnerMembership', '2026-11-22'),
      'seller-membership-inactive',
    ],
    [
      'an ended membership beside one in force',
      ended(acceptedOrder.seller(membership('2026-11-22')), 'PartnerMembership', today),
      'pass',
    ],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('SELLER-1')).toBe(verdict);
  });

  it('does not count a membership that a correction retracted', () => {
    const factId = acceptedOrder.eventIn(partnerStream(resellerId), 'PartnerMembershipStarted');
    const world = acceptedOrder.seller({
      type: 'PartnerMembershipCorrected',
      data: { factId, reason: 'entered by mistake', retracted: true },
    });
    expect(world.verdict('SELLER-1')).toBe('seller-membership-inactive');
  });

  it('names the end of the membership as the cause', () => {
    const { decision } = ended(acceptedOrder, 'PartnerMembership', today).judge();
    const [check] = decision.checks;
    expect(check?.[5].map((index) => decision.evidence[index]?.[1])).toEqual([1, 5]);
  });

  it('does not apply the seller’s other rules when the seller is not registered', () => {
    for (const id of [
      'SELLER-2',
      'SELLER-3',
      'SELLER-4',
      'SELLER-5',
      'SELLER-6',
      'RELATIONSHIP-1',
    ] as const) {
      expect(unregistered.program(policy({ customerRelationshipRequired: true })).verdict(id)).toBe(
        'not-applicable',
      );
    }
    expect(unregistered.reasons()).toEqual(['seller-unknown']);
  });
});

describe('SELLER-2: the seller has a location in the region group of the customer’s market', () => {
  const without = acceptedOrder.withoutSeller('PartnerLocationStarted');

  it.each<[string, World, string]>([
    ['no location, though it is registered there', without, 'seller-location-missing'],
    ['a location in another country of the region', without.seller(location('DE')), 'pass'],
    [
      'a location in another region only',
      without.seller(location('JP')),
      'seller-location-missing',
    ],
    [
      'a location in a country that is not a market',
      without.seller(location('KP')),
      'seller-location-missing',
    ],
    ['locations in both', without.seller(location('JP'), location('GB')), 'pass'],
    ['a location from today', without.seller(location('FR', { from: '2026-11-22' })), 'pass'],
    [
      'a location from tomorrow',
      without.seller(location('FR', { from: '2026-11-23' })),
      'seller-location-missing',
    ],
    ['a location until today', without.seller(location('FR', { to: '2026-11-22' })), 'pass'],
    [
      'a location until yesterday',
      without.seller(location('FR', { to: '2026-11-21' })),
      'seller-location-missing',
    ],
    [
      'a location ended from tomorrow',
      ended(acceptedOrder, 'PartnerLocation', '2026-11-23'),
      'pass',
    ],
    [
      'a location ended from today',
      ended(acceptedOrder, 'PartnerLocation', '2026-11-22'),
      'seller-location-missing',
    ],
    ['an unknown customer', acceptedOrder.withoutCustomer(), 'not-applicable'],
    [
      'a customer in no market',
      acceptedOrder.withoutCustomer('CustomerRegistered').customer(registeredCustomer('KP')),
      'not-applicable',
    ],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('SELLER-2')).toBe(verdict);
  });
});

describe('SELLER-3: someone may sign for the seller', () => {
  const without = acceptedOrder.withoutSeller('PartnerSigningAuthorityStarted');
  const authority = (from: string): Proposed<PartnerEvent> => ({
    type: 'PartnerSigningAuthorityStarted',
    data: { name: sealed, title: 'CFO', from },
  });

  it.each<[string, World, string]>([
    ['no signing authority', without, 'seller-signing-authority-missing'],
    ['a signing authority from today', without.seller(authority('2026-11-22')), 'pass'],
    [
      'a signing authority from tomorrow',
      without.seller(authority('2026-11-23')),
      'seller-signing-authority-missing',
    ],
    [
      'a signing authority until today',
      ended(acceptedOrder, 'PartnerSigningAuthority', '2026-11-23'),
      'pass',
    ],
    [
      'a signing authority until yesterday',
      ended(acceptedOrder, 'PartnerSigningAuthority', '2026-11-22'),
      'seller-signing-authority-missing',
    ],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('SELLER-3')).toBe(verdict);
  });
});

describe('SELLER-5: a direct-bill seller is authorized and has a support plan', () => {
  const direct = acceptedDirectOrder;
  const change = (
    type: 'Restricted' | 'Suspended' | 'Revoked' | 'Restored',
    on: string,
  ): Proposed<PartnerEvent> => ({
    type: `DirectBillAuthorization${type}`,
    data: { on, reason: 'review' },
  });
  const unauthorized = direct.withoutSeller('DirectBillAuthorizationStarted');
  const authorizedFrom = (from: string): World =>
    unauthorized.seller({
      type: 'DirectBillAuthorizationStarted',
      data: { from, evidence: 'letter' },
    });
  const planless = direct.withoutSeller('PartnerSupportPlanStarted');
  const plan = (
    dates: { from: string; to?: string },
    name: 'advanced' | 'premier' = 'premier',
  ): World =>
    planless.seller({ type: 'PartnerSupportPlanStarted', data: { plan: name, ...dates } });

  it.each<[string, World, string]>([
    ['an indirect reseller', acceptedOrder, 'not-applicable'],
    ['authorized', direct, 'pass'],
    ['never authorized', unauthorized, 'direct-bill-not-authorized'],
    ['authorized from today', authorizedFrom('2026-11-22'), 'pass'],
    ['authorized from tomorrow', authorizedFrom('2026-11-23'), 'direct-bill-not-authorized'],
    [
      'restricted from today',
      direct.seller(change('Restricted', '2026-11-22')),
      'direct-bill-restricted',
    ],
    ['restricted from tomorrow', direct.seller(change('Restricted', '2026-11-23')), 'pass'],
    ['suspended', direct.seller(change('Suspended', '2026-11-22')), 'direct-bill-suspended'],
    ['revoked', direct.seller(change('Revoked', '2026-11-22')), 'direct-bill-revoked'],
    [
      'restored on the same day',
      direct.seller(change('Suspended', '2026-11-22'), change('Restored', '2026-11-22')),
      'pass',
    ],
    [
      'restored tomorrow',
      direct.seller(change('Suspended', '2026-11-22'), change('Restored', '2026-11-23')),
      'direct-bill-suspended',
    ],
    [
      'an earlier day entered later',
      direct.seller(change('Revoked', '2026-11-20'), change('Restored', '2026-11-19')),
      'direct-bill-revoked',
    ],
    ['no support plan', planless, 'support-plan-inactive'],
    ['a plan from today', plan({ from: '2026-11-22' }), 'pass'],
    ['a plan from tomorrow', plan({ from: '2026-11-23' }), 'support-plan-inactive'],
    ['a plan until today', plan({ from: '2026-01-01', to: '2026-11-22' }), 'pass'],
    [
      'a plan until yesterday',
      plan({ from: '2026-01-01', to: '2026-11-21' }),
      'support-plan-inactive',
    ],
    [
      'a plan that the policy does not list',
      plan({ from: '2026-01-01' }, 'advanced').program(policy({ supportPlans: ['premier'] })),
      'support-plan-inactive',
    ],
    [
      'neither an authorization nor a support plan',
      planless.seller(change('Suspended', today)),
      'direct-bill-suspended, support-plan-inactive',
    ],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('SELLER-5')).toBe(verdict);
  });

  it('asks by the model of the day', () => {
    const becomes = (from: string): World =>
      acceptedOrder.seller({ type: 'PartnerModelStarted', data: { model: 'direct-bill', from } });
    expect(becomes('2026-11-23').verdict('SELLER-5')).toBe('not-applicable');
    expect(becomes('2026-11-22').verdict('SELLER-5')).toBe(
      'direct-bill-not-authorized, support-plan-inactive',
    );
    expect(becomes('2026-11-22').verdict('SELLER-4')).toBe('not-applicable');
  });
});

describe('SELLER-6: the seller is not an indirect provider', () => {
  const provider = acceptedDirectOrder
    .withoutSeller('PartnerRegistered')
    .seller(registeredPartner(directBillId, 'FR', 'indirect-provider'));
  const becomesProvider = (from: string): World =>
    acceptedOrder.seller({
      type: 'PartnerModelStarted',
      data: { model: 'indirect-provider', from },
    });

  it.each<[string, World, string]>([
    ['an indirect reseller', acceptedOrder, 'pass'],
    ['a direct-bill partner', acceptedDirectOrder, 'pass'],
    ['an indirect provider', provider, 'seller-is-provider'],
    [
      'a reseller that becomes a provider today',
      becomesProvider('2026-11-22'),
      'seller-is-provider',
    ],
    ['a reseller that becomes a provider tomorrow', becomesProvider('2026-11-23'), 'pass'],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('SELLER-6')).toBe(verdict);
  });
});
