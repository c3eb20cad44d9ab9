import { describe, expect, it } from '@jest/globals';
import type { PlacedOrderLine } from '../../order/order.js';
import type { StoredDecision } from '../../order/stored-decision.js';
import { defaultPolicy } from '../../program/default-policy.js';
import { orderId } from '../../shared/ids.js';
import { cancelOrder, type CancellationFacts } from './cancellation.decide.js';

const line = (family: PlacedOrderLine['family']): PlacedOrderLine => ({
  offerId: 'CFQ7TTC0LH18:0001',
  quantity: 1,
  term: 'P1M',
  billingPlan: 'monthly',
  ...(family ? { family } : {}),
});
const decision: StoredDecision = {
  v: 1,
  outcome: 'accepted',
  judgedAt: '2026-11-22T10:00:00.000Z',
  date: '2026-11-22',
  ruleset: '2026-12',
  policy: 1,
  reads: [],
  evidence: [],
  checks: [],
};
const cancelled = (
  lines: readonly PlacedOrderLine[],
  today: string,
  status: CancellationFacts['status'] = 'placed',
) =>
  cancelOrder({ orderId: orderId('o-1'), kind: 'new', lines, decision }, 'ordered twice', {
    subscriptions: [],
    status,
    policy: defaultPolicy,
    today,
  });

describe('an order', () => {
  it.each([
    ['of cloud offers', [line('cloud')], '2026-11-29', 7],
    ['of perpetual software', [line('perpetual-software')], '2026-12-22', 30],
    [
      'of both, in the shorter window',
      [line('perpetual-software'), line('cloud')],
      '2026-11-29',
      7,
    ],
    ['of no known family', [line(undefined)], '2026-11-29', 7],
  ])(
    '%s can be cancelled through the last day of its window',
    (_lines, lines, lastDay, windowDays) => {
      for (const today of ['2026-11-22', lastDay])
        expect(cancelled(lines, today)).toEqual({
          ok: true,
          value: [
            {
              type: 'OrderCancelled',
              data: { orderId: 'o-1', on: today, reason: 'ordered twice' },
            },
          ],
        });

      const dayAfter = lastDay === '2026-11-29' ? '2026-11-30' : '2026-12-23';
      expect(cancelled(lines, dayAfter)).toEqual({
        ok: false,
        refusal: { code: 'cancellation-window-closed', windowDays, orderedOn: '2026-11-22' },
      });
    },
  );

  it.each(['refused', 'cancelled', 'voided'] as const)(
    'cannot be cancelled when it is %s',
    (status) => {
      expect(cancelled([line('cloud')], '2026-11-22', status)).toEqual({
        ok: false,
        refusal: { code: 'order-not-placed', orderStatus: status },
      });
    },
  );
});
