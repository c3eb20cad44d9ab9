import { describe, expect, it } from '@jest/globals';
import type { OrderRow } from '../rows.js';
import { rowOf } from '../testing/fold-in-memory.js';
import {
  customerEvent,
  customerRegistered,
  decision,
  logged,
  order,
  orderCancelled,
  orderPlaced,
  orderRefused,
} from '../testing/sample-log.js';
import { ordersProjection } from '../projections/orders.projection.js';
import { namesProjection } from '../projections/names.projection.js';
import { nameAtPosition } from './names-at-position.js';
import { orderAtPosition } from './orders-at-position.js';
import { listed } from './pending.js';

// The order is at position 0, its later events at 1 and 2. It was cancelled on 2026-11-23.
const later = '2027-01-01';
const voided = customerEvent(1, 'OrderVoided', {
  orderId: order(1),
  decision: decision('refused', ['agreement-withdrawn']),
});
const rowAfter = async (...events: Parameters<typeof logged>[0]): Promise<OrderRow> =>
  (await rowOf(
    ordersProjection,
    'orders',
    logged([orderPlaced(1, 1), ...events]),
  )) as unknown as OrderRow;

describe('an order at a position', () => {
  it.each([
    ['placed before its cancellation', orderCancelled(1, 1), 0, later, 'placed'],
    ['cancelled from its cancellation on', orderCancelled(1, 1), 1, later, 'cancelled'],
    ['placed on the day before it was cancelled', orderCancelled(1, 1), 1, '2026-11-22', 'placed'],
    ['cancelled on that day', orderCancelled(1, 1), 1, '2026-11-23', 'cancelled'],
    ['pending before its void', voided, 0, later, 'pending'],
    ['voided from its void on', voided, 1, later, 'voided'],
    ['voided as of any day', voided, 1, '2026-11-22', 'voided'],
  ] as const)('is %s', async (_title, event, knownAt, asOf, status) => {
    const known = orderAtPosition(await rowAfter(event), knownAt, asOf);
    expect(known.status).toBe(status);
    expect(known.reasons).toEqual(status === 'voided' ? ['agreement-withdrawn'] : []);
    expect('cancelledOn' in known).toBe(status === 'cancelled');
    expect(Object.keys(known)).not.toContain('voidedPosition');
    expect(Object.keys(known)).not.toContain('cancelledPosition');
  });

  it('is cancelled before its void is known', async () => {
    const row = await rowAfter(orderCancelled(1, 1), voided);
    expect([0, 1, 2].map((knownAt) => orderAtPosition(row, knownAt, later).status)).toEqual([
      'pending',
      'cancelled',
      'voided',
    ]);
  });

  it.each([
    [{ providerId: 'named' }, 'named'],
    [{}, 'sole'],
  ])('has the provider of an order with %o: %s', async (asked, providerId) => {
    const judged = {
      ...decision('accepted'),
      checks: [['SELLER-4', 'p', 0, -1, { providerId: 'sole' }, []]],
    };
    const row = await rowOf(
      ordersProjection,
      'orders',
      logged([orderPlaced(1, 1, 'res-1', { ...asked, decision: judged })]),
    );
    expect(orderAtPosition(row as unknown as OrderRow, 0, later)).toMatchObject({ providerId });
    expect(listed(row as unknown as OrderRow, undefined).providerId).toBe(
      'providerId' in asked ? asked.providerId : undefined,
    );
  });

  it('keeps the reasons of its refusal', async () => {
    const row = (await rowOf(
      ordersProjection,
      'orders',
      logged([orderRefused(1, 1, ['agreement-missing'])]),
    )) as unknown as OrderRow;
    expect(orderAtPosition(row, 5, later)).toMatchObject({
      status: 'refused',
      reasons: ['agreement-missing'],
    });
  });
});

describe('a name at a position', () => {
  it.each([
    [-1, undefined],
    [0, '関所株式会社'],
    [1, '関所株式会社'],
    [2, 'Sekisho KK'],
    [9, 'Sekisho KK'],
  ])('at position %d is %s', async (knownAt, name) => {
    const row = await rowOf(
      namesProjection,
      'names',
      logged([
        customerRegistered(1, { legalName: '関所株式会社' }),
        customerEvent(1, 'CustomerDetailsChanged', { country: 'US' }),
        customerEvent(1, 'CustomerDetailsChanged', { legalName: 'Sekisho KK' }),
      ]),
    );
    expect(nameAtPosition(row as unknown as Parameters<typeof nameAtPosition>[0], knownAt)).toBe(
      name,
    );
  });
});
