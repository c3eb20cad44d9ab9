import { describe, expect, it } from '@jest/globals';
import {
  acceptedOrder,
  location,
  registeredCustomer,
  registeredPartner,
  resellerId,
} from '../testing/accepted-order.js';
import type { World } from '../testing/world.js';

const customerIn = (country: string, marketCode?: string): World =>
  acceptedOrder
    .withoutCustomer('CustomerRegistered')
    .customer(registeredCustomer(country, marketCode === undefined ? {} : { marketCode }));
const sellerIn = (world: World, country: string, ...locations: readonly string[]): World =>
  world
    .withoutSeller('PartnerRegistered', 'PartnerLocationStarted')
    .seller(
      registeredPartner(resellerId, country, 'indirect-reseller'),
      ...locations.map((place) => location(place)),
    );

describe('MARKET-1: the customer’s country is a CSP market in the seller’s region group', () => {
  it.each<[string, World, string]>([
    ['the seller’s own market', acceptedOrder, 'pass'],
    ['another market of its region', customerIn('GB'), 'pass'],
    ['a market of another region', customerIn('JP'), 'market-outside-region'],
    ['a market where it has a location', customerIn('JP').seller(location('JP')), 'pass'],
    [
      'a location there from tomorrow',
      customerIn('JP').seller(location('JP', { from: '2026-11-23' })),
      'market-outside-region',
    ],
    [
      'a location there until yesterday',
      customerIn('JP').seller(location('JP', { to: '2026-11-21' })),
      'market-outside-region',
    ],
    [
      'the market where it is registered, without a location',
      sellerIn(customerIn('JP'), 'JP'),
      'pass',
    ],
    [
      'a seller in a country that is not a market',
      sellerIn(acceptedOrder, 'KP'),
      'market-outside-region',
    ],
    ['a country that is not a market', customerIn('KP'), 'market-unknown'],
    [
      'a country that is not a market, and an unregistered seller',
      customerIn('KP').withoutSeller(),
      'market-unknown',
    ],
    ['a market, and an unregistered seller', acceptedOrder.withoutSeller(), 'not-applicable'],
    ['an unknown customer', acceptedOrder.withoutCustomer(), 'not-applicable'],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('MARKET-1')).toBe(verdict);
  });

  it.each([
    ['the first of a country with several', undefined, 'BQ'],
    ['the named one', 'XS', 'XS'],
  ])('takes %s', (_which, marketCode, market) => {
    const world = sellerIn(customerIn('BQ', marketCode), 'BQ');
    expect(world.checks('MARKET-1')[0]?.[4]).toEqual({ market, regionGroup: 'LATAM_CARIB' });
  });

  it("does not apply the rules that need the market where there is none, but applies the agreement's", () => {
    const nowhere = customerIn('KP');
    for (const rule of ['SELLER-2', 'MARKET-2', 'OFFER-1', 'OFFER-2', 'OFFER-3'] as const)
      expect(nowhere.verdict(rule)).toBe('not-applicable');
    expect(nowhere.reasons()).toEqual(['market-unknown', 'agreement-not-offered-in-market']);
  });
});

describe('MARKET-2: the currency is that of a seller’s location or of the customer’s market', () => {
  it.each<[string, World, string]>([
    ['the customer’s', acceptedOrder, 'pass'],
    ['neither', acceptedOrder.ordering({ currency: 'USD' }), 'currency-not-allowed'],
    ['the seller’s, for a customer elsewhere', customerIn('GB'), 'pass'],
    [
      'the customer’s, for a seller elsewhere',
      customerIn('GB').ordering({ currency: 'GBP' }),
      'pass',
    ],
    [
      'of another location of the seller',
      acceptedOrder.ordering({ currency: 'GBP' }).seller(location('GB')),
      'pass',
    ],
    [
      'of a location from today',
      acceptedOrder.ordering({ currency: 'GBP' }).seller(location('GB', { from: '2026-11-22' })),
      'pass',
    ],
    [
      'of a location from tomorrow',
      acceptedOrder.ordering({ currency: 'GBP' }).seller(location('GB', { from: '2026-11-23' })),
      'currency-not-allowed',
    ],
    [
      "of the seller's country of registration only",
      sellerIn(customerIn('GB'), 'FR', 'GB'),
      'currency-not-allowed',
    ],
    ['the customer’s, and an unregistered seller', acceptedOrder.withoutSeller(), 'pass'],
    [
      'another, and an unregistered seller',
      acceptedOrder.ordering({ currency: 'USD' }).withoutSeller(),
      'not-applicable',
    ],
    ['an unknown customer', acceptedOrder.withoutCustomer(), 'not-applicable'],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('MARKET-2')).toBe(verdict);
  });

  it('reports the allowed currencies', () => {
    const [check] = acceptedOrder
      .seller(location('GB'))
      .ordering({ currency: 'USD' })
      .checks('MARKET-2');
    expect(check?.[4]).toEqual({ currency: 'USD', allowed: ['EUR', 'GBP'] });
  });
});
