import { describe, expect, it } from '@jest/globals';
import { memoryLog, openBench } from '../testing/bench.js';
import {
  order,
  orderCancelled,
  orderPlaced,
  orderRefused,
  partnerRegistered,
  appendEach,
} from '../testing/sample-log.js';
import { confirmedThrough } from './pending.js';

describe('the position up to which orders are confirmed', () => {
  it.each([
    ['is the checkpoint without voids', [], 50, 90],
    ['is the checkpoint if the rows include the void', [{ order: 40, voided: 90 }], 50, 90],
    [
      'is before the voided order if the rows do not include its void',
      [{ order: 40, voided: 91 }],
      39,
      90,
    ],
    [
      'is before the earliest order whose void the rows do not include',
      [
        { order: 40, voided: 91 },
        { order: 30, voided: 92 },
        { order: 20, voided: 60 },
      ],
      29,
      90,
    ],
    [
      'does not change with a void of an order after the checkpoint',
      [{ order: 70, voided: 91 }],
      50,
      90,
    ],
  ])('%s', (_what, voids, expected, folded) => {
    expect(confirmedThrough({ through: 50, voids }, folded)).toBe(expected);
  });
});

describe('a list of orders over a log without guards', () => {
  it('shows orders after the last validated position as pending, also in a query by status', async () => {
    const log = memoryLog();
    const bench = openBench(log);
    const [, first, refused, cancelled, , second] = await appendEach(
      log,
      partnerRegistered('res-1'),
      orderPlaced(1, 1),
      orderRefused(1, 2, ['agreement-missing']),
      orderPlaced(1, 3),
      orderCancelled(1, 3),
      orderPlaced(1, 4),
    );
    const minPosition = second!.position;
    const list = async (
      through: number,
      status?: 'pending' | 'placed' | 'cancelled' | 'refused',
    ) => {
      const standing = { through, voids: [] };
      const { items } = await bench.readModels.listOrders({
        minPosition,
        validation: standing,
        ...(status ? { status } : {}),
      });
      return items.map((row) => [row.orderId, row.status]);
    };
    expect([first, refused, cancelled].every(Boolean)).toBe(true);
    expect(await list(minPosition)).toEqual([
      [order(1), 'placed'],
      [order(2), 'refused'],
      [order(3), 'cancelled'],
      [order(4), 'placed'],
    ]);
    expect(await list(minPosition - 1, 'pending')).toEqual([[order(4), 'pending']]);
    expect(await list(minPosition - 1, 'placed')).toEqual([[order(1), 'placed']]);
    expect(await list(first!.position - 1, 'pending')).toEqual([
      [order(1), 'pending'],
      [order(4), 'pending'],
    ]);
    expect(await list(-1, 'cancelled')).toEqual([[order(3), 'cancelled']]);
    expect(await list(-1, 'refused')).toEqual([[order(2), 'refused']]);
    await bench.close();
  });

  it('has no pending orders if orders need no validation', async () => {
    const log = memoryLog();
    const bench = openBench(log);
    const [placed] = await appendEach(log, orderPlaced(1, 1));
    expect(
      (await bench.readModels.listOrders({ minPosition: placed!.position, status: 'pending' }))
        .items,
    ).toEqual([]);
    await bench.close();
  });
});
