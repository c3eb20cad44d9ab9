import { describe, expect, it } from '@jest/globals';
import type { CustomerEvent } from '../../customer/customer.js';
import type { Proposed } from '../../shared/event.js';
import { partnerId } from '../../shared/ids.js';
import {
  acceptedOrder,
  observed,
  policy,
  providerId,
  resellerId,
} from '../testing/accepted-order.js';
import type { World } from '../testing/world.js';

const unseen = acceptedOrder.withoutCustomer('TenantCspAssociationObserved');
const registered = (partner = partnerId('res-9')): Proposed<CustomerEvent> => ({
  type: 'TenantCspAssociationRegistered',
  data: { partnerId: partner },
});
const registrationEnded = (on: string, partner = partnerId('res-9')): Proposed<CustomerEvent> => ({
  type: 'TenantCspAssociationRegistrationEnded',
  data: { partnerId: partner, on, reason: 'sold' },
});

// The order is placed on 2026-11-22 at 10:00 UTC, when it is 2026-11-23 at UTC+14: the latest date
// an observation may have.
describe('TENANT-1: the customer’s tenant is not associated with CSP', () => {
  it.each<[string, World, string]>([
    ['observed as not associated', acceptedOrder, 'pass'],
    ['never observed', unseen, 'pass'],
    [
      'observed as associated',
      unseen.customer(observed(true, '2026-11-01')),
      'tenant-csp-associated',
    ],
    [
      'observed as associated, then as not associated',
      unseen.customer(observed(true, '2026-11-01'), observed(false, '2026-11-02')),
      'pass',
    ],
    [
      'the same, recorded in the other order',
      unseen.customer(observed(false, '2026-11-02'), observed(true, '2026-11-01')),
      'pass',
    ],
    [
      'both on one day',
      unseen.customer(observed(true, '2026-11-01'), observed(false, '2026-11-01')),
      'tenant-csp-associated',
    ],
    [
      'both on one day, in the other order',
      unseen.customer(observed(false, '2026-11-01'), observed(true, '2026-11-01')),
      'tenant-csp-associated',
    ],
    [
      'observed today where it is latest',
      unseen.customer(observed(true, '2026-11-23')),
      'tenant-csp-associated',
    ],
    ['observed later than today anywhere', unseen.customer(observed(true, '2026-11-24')), 'pass'],
    ['registered by a partner', acceptedOrder.customer(registered()), 'tenant-csp-associated'],
    [
      'registered by the seller itself',
      acceptedOrder.customer(registered(resellerId)),
      'tenant-csp-associated',
    ],
    [
      'registered by its provider',
      acceptedOrder.customer(registered(providerId)),
      'tenant-csp-associated',
    ],
    [
      'registered, then observed as not associated',
      acceptedOrder.customer(registered(), observed(false, '2026-11-22')),
      'tenant-csp-associated',
    ],
    [
      'a registration ended from today',
      acceptedOrder.customer(registered(), registrationEnded('2026-11-22')),
      'pass',
    ],
    [
      'a registration ended from tomorrow',
      acceptedOrder.customer(registered(), registrationEnded('2026-11-23')),
      'tenant-csp-associated',
    ],
    [
      'one of two registrations ended',
      acceptedOrder.customer(registered(), registered(resellerId), registrationEnded('2026-11-22')),
      'tenant-csp-associated',
    ],
    [
      'an ended registration, but observed as associated',
      unseen.customer(registered(), observed(true, '2026-11-01'), registrationEnded('2026-11-22')),
      'tenant-csp-associated',
    ],
    [
      'no customer, but registered',
      acceptedOrder.withoutCustomer().customer(registered()),
      'tenant-csp-associated',
    ],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('TENANT-1')).toBe(verdict);
  });
});

describe('TENANT-2: the tenant was checked for association within the policy’s days', () => {
  const days = (tenantCheckMaxAgeDays: number): World =>
    unseen.program(policy({ tenantCheckMaxAgeDays })).customer(observed(false, '2026-11-20'));

  it.each<[string, World, string]>([
    ['today', unseen.customer(observed(false, '2026-11-22')), 'pass'],
    ['365 days ago', unseen.customer(observed(false, '2025-11-22')), 'pass'],
    [
      '366 days ago',
      unseen.customer(observed(false, '2025-11-21')),
      'tenant-association-unverified',
    ],
    ['today where it is latest', unseen.customer(observed(false, '2026-11-23')), 'pass'],
    [
      'later than today anywhere',
      unseen.customer(observed(false, '2026-11-24')),
      'tenant-association-unverified',
    ],
    ['never', unseen, 'tenant-association-unverified'],
    ['today, and found to be associated', unseen.customer(observed(true, '2026-11-22')), 'pass'],
    ['two days ago, when two are allowed', days(2), 'pass'],
    ['two days ago, when one is allowed', days(1), 'tenant-association-unverified'],
    [
      'never, when the policy does not require it',
      unseen.program(policy({ tenantCheckRequired: false })),
      'not-applicable',
    ],
    [
      'never, when the policy requires it again',
      unseen.program(
        policy({ tenantCheckRequired: false }, '2026-11-01'),
        policy({}, '2026-11-22'),
      ),
      'tenant-association-unverified',
    ],
    [
      'never, of a tenant that is not a customer',
      acceptedOrder.withoutCustomer(),
      'tenant-association-unverified',
    ],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('TENANT-2')).toBe(verdict);
  });

  it('counts the days of a leap year', () => {
    expect(
      unseen.on('2028-11-22').customer(observed(false, '2027-11-23')).verdict('TENANT-2'),
    ).toBe('pass');
    expect(
      unseen.on('2028-11-22').customer(observed(false, '2027-11-22')).verdict('TENANT-2'),
    ).toBe('tenant-association-unverified');
  });
});
