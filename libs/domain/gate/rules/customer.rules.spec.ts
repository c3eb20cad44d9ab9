import { describe, expect, it } from '@jest/globals';
import type { CustomerEvent } from '../../customer/customer.js';
import type { Proposed } from '../../shared/event.js';
import { partnerId } from '../../shared/ids.js';
import { customerStream } from '../../shared/streams.js';
import {
  acceptedOrder,
  customerId,
  observed,
  policy,
  resellerId,
} from '../testing/accepted-order.js';
import type { World } from '../testing/world.js';

const closed = (on: string): World =>
  acceptedOrder.customer({ type: 'CustomerClosed', data: { on, reason: 'left' } });

describe('CUSTOMER-1: the customer is registered and not closed', () => {
  it.each<[string, World, string]>([
    ['registered', acceptedOrder, 'pass'],
    ['unknown', acceptedOrder.withoutCustomer(), 'customer-unknown'],
    [
      'looked up, but not registered',
      acceptedOrder.withoutCustomer('CustomerRegistered'),
      'customer-unknown',
    ],
    ['closed from tomorrow', closed('2026-11-23'), 'pass'],
    ['closed from today', closed('2026-11-22'), 'customer-closed'],
    ['closed before', closed('2026-11-21'), 'customer-closed'],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('CUSTOMER-1')).toBe(verdict);
  });

  it('judges the tenant of an unknown customer, and does not apply the rules that need the customer', () => {
    const unknown = acceptedOrder
      .withoutCustomer()
      .customer(observed(true, '2026-11-01'))
      .program(policy({ customerRelationshipRequired: true }));
    for (const rule of [
      'SELLER-2',
      'MARKET-1',
      'MARKET-2',
      'AGREEMENT-1',
      'RELATIONSHIP-1',
      'OFFER-1',
      'OFFER-2',
      'OFFER-3',
    ] as const) {
      expect(unknown.verdict(rule)).toBe('not-applicable');
    }
    expect(unknown.verdict('SELLER-4')).toBe('pass');
    expect(unknown.reasons()).toEqual(['customer-unknown', 'tenant-csp-associated']);
  });
});

describe('RELATIONSHIP-1: the seller has a relationship with the customer, where the policy asks for one', () => {
  const asked = acceptedOrder.program(policy({ customerRelationshipRequired: true }));
  const relationship = (
    dates: { from: string; to?: string },
    partner = resellerId,
  ): Proposed<CustomerEvent> => ({
    type: 'CustomerPartnerRelationshipStarted',
    data: { partnerId: partner, ...dates },
  });
  const ended = (on: string): World => {
    const world = asked.customer(relationship({ from: '2026-01-01' }));
    const factId = world.eventIn(customerStream(customerId), 'CustomerPartnerRelationshipStarted');
    return world.customer({
      type: 'CustomerPartnerRelationshipEnded',
      data: { factId, on, reason: 'over' },
    });
  };

  it.each<[string, World, string]>([
    ['not required', acceptedOrder, 'not-applicable'],
    [
      'required from tomorrow',
      acceptedOrder.program(policy({ customerRelationshipRequired: true }, '2026-11-23')),
      'not-applicable',
    ],
    [
      'required from today',
      acceptedOrder.program(policy({ customerRelationshipRequired: true }, '2026-11-22')),
      'customer-relationship-missing',
    ],
    ['none', asked, 'customer-relationship-missing'],
    ['one from today', asked.customer(relationship({ from: '2026-11-22' })), 'pass'],
    [
      'one from tomorrow',
      asked.customer(relationship({ from: '2026-11-23' })),
      'customer-relationship-missing',
    ],
    ['one until today', ended('2026-11-23'), 'pass'],
    ['one until yesterday', ended('2026-11-22'), 'customer-relationship-missing'],
    [
      'one with another partner',
      asked.customer(relationship({ from: '2026-01-01' }, partnerId('res-2'))),
      'customer-relationship-missing',
    ],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('RELATIONSHIP-1')).toBe(verdict);
  });
});
