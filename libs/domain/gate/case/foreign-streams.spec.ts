import { describe, expect, it } from '@jest/globals';
import { partnerId } from '../../shared/ids.js';
import { priceListToRead, providersToRead } from './foreign-streams.js';
import {
  acceptedDirectOrder,
  acceptedOrder,
  customerId,
  providerId,
  registeredCustomer,
  resellerId,
  today,
} from '../testing/accepted-order.js';
import { refusedFor } from '../testing/stories.js';
import type { World } from '../testing/world.js';
import { partnerStream } from '../../shared/streams.js';
import { judge } from '../rulebook.js';
import { rulesetNamed } from '../rulesets.js';

describe('the foreign streams of a judgement', () => {
  const providers = (world: World, date = today): readonly string[] =>
    providersToRead(world.order, world.facts().seller, date);
  const second = partnerId('prov-2');
  const relatedTwice = acceptedOrder.seller(
    {
      type: 'PartnerProviderRelationshipStarted',
      data: { providerId: second, from: '2026-11-22' },
    },
    { type: 'PartnerProviderRelationshipStarted', data: { providerId, from: '2026-05-01' } },
  );

  it.each<[string, readonly string[], readonly string[]]>([
    ['the one provider', providers(acceptedOrder), [providerId]],
    ['each provider related that day, once', providers(relatedTwice), [providerId, second]],
    ['not one related from the next day', providers(relatedTwice, '2026-11-21'), [providerId]],
    [
      'the named one, with or without a relationship',
      providers(relatedTwice.ordering({ providerId: partnerId('prov-3') })),
      ['prov-3'],
    ],
    [
      'the one that a direct-bill seller’s order names, although no rule uses it',
      providers(acceptedDirectOrder.ordering({ providerId })),
      ['prov-1'],
    ],
    ['none for an unregistered seller', providers(acceptedOrder.withoutSeller()), []],
  ])('%s', (_what, found, expected) => {
    expect(found).toEqual(expected);
  });

  it.each<[string, World, string, object | undefined]>([
    [
      'the list of the customer’s market and the month',
      acceptedOrder,
      today,
      { market: 'FR', month: '2026-11' },
    ],
    ['on a month’s last day', acceptedOrder, '2026-11-30', { market: 'FR', month: '2026-11' }],
    ['on the next month’s first', acceptedOrder, '2026-12-01', { market: 'FR', month: '2026-12' }],
    [
      'by market code',
      acceptedOrder
        .withoutCustomer('CustomerRegistered')
        .customer(registeredCustomer('BQ', { marketCode: 'XE' })),
      today,
      undefined,
    ],
    ['none for an unknown customer', acceptedOrder.withoutCustomer(), today, undefined],
    ['none where there is no market', refusedFor['market-unknown'], today, undefined],
  ])('%s', (_what, world, date, expected) => {
    const { customer, program } = world.facts();
    expect(priceListToRead(customer, program, date)).toEqual(expected);
  });

  it('throws for a provider that was not loaded', () => {
    const facts = { ...acceptedOrder.facts(), providers: new Map() };
    expect(() => judge(acceptedOrder.order, facts, rulesetNamed('2027-01')!)).toThrow(providerId);
  });

  it('are all in the decision’s read set, with −1 for a stream that does not exist', () => {
    const world = acceptedOrder.without(partnerStream(providerId)).withoutPriceLists();
    expect(world.judge().decision.reads).toEqual([
      [partnerStream(providerId), -1],
      [partnerStream(resellerId), 4],
      ['partneroffers-res-1-2026-11', -1],
      ['pricelist-FR-2026-11', -1],
      ['program', 6],
    ]);
    expect(world.judge().decision.reads).not.toContainEqual([
      `customer-${customerId}`,
      expect.anything(),
    ]);
  });
});
