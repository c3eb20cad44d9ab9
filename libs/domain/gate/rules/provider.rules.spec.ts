import { describe, expect, it } from '@jest/globals';
import type { PartnerEvent } from '../../partner/partner.js';
import type { Proposed } from '../../shared/event.js';
import { partnerId, type PartnerId } from '../../shared/ids.js';
import { partnerStream } from '../../shared/streams.js';
import {
  acceptedDirectOrder,
  acceptedOrder,
  authorizedProvider,
  location,
  providerId,
  registeredCustomer,
  registeredPartner,
  resellerId,
} from '../testing/accepted-order.js';
import type { World } from '../testing/world.js';

const second = partnerId('prov-2');
const relationship = (
  to: PartnerId,
  dates: { from: string; to?: string } = { from: '2026-01-01' },
): Proposed<PartnerEvent> => ({
  type: 'PartnerProviderRelationshipStarted',
  data: { providerId: to, ...dates },
});

const unrelated = acceptedOrder.withoutSeller('PartnerProviderRelationshipStarted');
const related = (dates: { from: string; to?: string }): World =>
  unrelated.seller(relationship(providerId, dates));
const relatedToBoth = acceptedOrder
  .partner(second, ...authorizedProvider(second, 'GB'))
  .seller(relationship(second));
const unauthorized = acceptedOrder.without(
  partnerStream(providerId),
  'PartnerProviderAuthorizationStarted',
);
const authorizedFrom = (from: string): World =>
  unauthorized.partner(providerId, { type: 'PartnerProviderAuthorizationStarted', data: { from } });
const endedAuthorization = (on: string): World => {
  const factId = acceptedOrder.eventIn(
    partnerStream(providerId),
    'PartnerProviderAuthorizationStarted',
  );
  return acceptedOrder.partner(providerId, {
    type: 'PartnerProviderAuthorizationEnded',
    data: { factId, on, reason: 'over' },
  });
};

describe('SELLER-4: an indirect reseller has a relationship with an authorized indirect provider', () => {
  it.each<[string, World, string]>([
    ['a direct-bill seller', acceptedDirectOrder, 'not-applicable'],
    [
      'a direct-bill seller that names a provider',
      acceptedDirectOrder.ordering({ providerId: partnerId('nobody') }),
      'not-applicable',
    ],
    ['one provider', acceptedOrder, 'pass'],
    ['no provider', unrelated, 'provider-relationship-missing'],
    ['a relationship from today', related({ from: '2026-11-22' }), 'pass'],
    [
      'a relationship from tomorrow',
      related({ from: '2026-11-23' }),
      'provider-relationship-missing',
    ],
    ['a relationship until today', related({ from: '2026-01-01', to: '2026-11-22' }), 'pass'],
    [
      'a relationship until yesterday',
      related({ from: '2026-01-01', to: '2026-11-21' }),
      'provider-relationship-missing',
    ],
    [
      'the same relationship twice',
      acceptedOrder.seller(relationship(providerId, { from: '2026-05-01' })),
      'pass',
    ],
    ['a provider that was never authorized', unauthorized, 'provider-not-authorized'],
    ['authorized from today', authorizedFrom('2026-11-22'), 'pass'],
    ['authorized from tomorrow', authorizedFrom('2026-11-23'), 'provider-not-authorized'],
    ['authorized until today', endedAuthorization('2026-11-23'), 'pass'],
    ['authorized until yesterday', endedAuthorization('2026-11-22'), 'provider-not-authorized'],
    [
      'an unregistered provider',
      acceptedOrder.without(partnerStream(providerId)),
      'provider-not-authorized',
    ],
    [
      'a provider of another model',
      acceptedOrder.partner(providerId, {
        type: 'PartnerModelStarted',
        data: { model: 'direct-bill', from: '2026-11-22' },
      }),
      'provider-not-authorized',
    ],
    ['two authorized providers', relatedToBoth, 'provider-ambiguous'],
    [
      'two, one of them not authorized',
      relatedToBoth.without(partnerStream(second), 'PartnerProviderAuthorizationStarted'),
      'pass',
    ],
    [
      'two, one of them ended',
      relatedToBoth.seller({
        type: 'PartnerProviderRelationshipEnded',
        data: {
          factId: relatedToBoth.eventIn(
            partnerStream(resellerId),
            'PartnerProviderRelationshipStarted',
          ),
          on: '2026-11-22',
          reason: 'over',
        },
      }),
      'pass',
    ],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('SELLER-4')).toBe(verdict);
  });

  it.each<[string, World, string]>([
    ['the only one', acceptedOrder.ordering({ providerId }), 'pass'],
    ['one of two', relatedToBoth.ordering({ providerId: second }), 'pass'],
    [
      'one without a relationship',
      acceptedOrder
        .partner(second, ...authorizedProvider(second, 'GB'))
        .ordering({ providerId: second }),
      'provider-relationship-missing',
    ],
    [
      'one that does not exist',
      acceptedOrder.ordering({ providerId: partnerId('nobody') }),
      'provider-relationship-missing',
    ],
    [
      'the seller itself',
      acceptedOrder.ordering({ providerId: resellerId }),
      'provider-relationship-missing',
    ],
    [
      'one that is not authorized',
      unauthorized.ordering({ providerId }),
      'provider-not-authorized',
    ],
  ])('when the order names %s', (_which, world, verdict) => {
    expect(world.verdict('SELLER-4')).toBe(verdict);
  });

  it('treats a seller that names itself as provider as not authorized', () => {
    expect(unrelated.seller(relationship(resellerId)).verdict('SELLER-4')).toBe(
      'provider-not-authorized',
    );
  });

  describe('in the same region group', () => {
    const inJapan = acceptedOrder
      .without(partnerStream(providerId), 'PartnerRegistered')
      .partner(providerId, registeredPartner(providerId, 'JP', 'indirect-provider'));
    const sellerAlsoInJapan = inJapan.seller(location('JP'));
    const customerIn = (world: World, country: string): World =>
      world.withoutCustomer('CustomerRegistered').customer(registeredCustomer(country));

    it.each<[string, World, string]>([
      ['the provider is in another region', inJapan, 'provider-relationship-missing'],
      [
        'the order names a provider of another region',
        inJapan.ordering({ providerId }),
        'provider-relationship-missing',
      ],
      [
        'the provider has a location in the customer’s region',
        inJapan.partner(providerId, location('GB')),
        'pass',
      ],
      [
        'that location begins tomorrow',
        inJapan.partner(providerId, location('GB', { from: '2026-11-23' })),
        'provider-relationship-missing',
      ],
      [
        'the seller is in both regions, the provider only in the other',
        sellerAlsoInJapan,
        'provider-relationship-missing',
      ],
      ['the same for a customer there', customerIn(sellerAlsoInJapan, 'JP'), 'pass'],
      [
        'the seller is not in the customer’s region, but where the provider is',
        customerIn(acceptedOrder, 'US'),
        'pass',
      ],
      [
        'seller and provider have no region in common either',
        customerIn(inJapan, 'US'),
        'provider-relationship-missing',
      ],
      ['the customer is unknown', acceptedOrder.withoutCustomer(), 'pass'],
      [
        'the customer is unknown, and they have no region in common',
        inJapan.withoutCustomer(),
        'provider-relationship-missing',
      ],
    ])('%s', (_when, world, verdict) => {
      expect(world.verdict('SELLER-4')).toBe(verdict);
    });
  });

  it('gives the same finding for several providers in any order', () => {
    const other = unrelated.partner(second, ...authorizedProvider(second, 'GB'));
    const [oneWay, otherWay] = [
      other.seller(relationship(second), relationship(providerId)),
      other.seller(relationship(providerId), relationship(second)),
    ];
    expect(oneWay.checks('SELLER-4').map(([, , reason, , facts]) => [reason, facts])).toEqual([
      ['provider-ambiguous', { providerIds: ['prov-1', 'prov-2'] }],
    ]);
    expect(otherWay.judge().decision.reads).toEqual(oneWay.judge().decision.reads);
    expect(otherWay.checks('SELLER-4')[0]?.[4]).toEqual(oneWay.checks('SELLER-4')[0]?.[4]);
  });
});
