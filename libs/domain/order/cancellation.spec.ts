import { describe, expect, it } from '@jest/globals';
import type { PlacedOrderLine } from './order.js';
import { defaultPolicy } from '../program/default-policy.js';
import { cancellationWindowDays, isWithinWindow } from './cancellation.js';

const line = (family: PlacedOrderLine['family']): PlacedOrderLine => ({
  offerId: 'CFQ7TTC0LH18:0001',
  quantity: 1,
  term: 'P1M',
  billingPlan: 'monthly',
  ...(family ? { family } : {}),
});

describe('an order may be cancelled within the shortest window of its lines', () => {
  it.each([
    ['cloud', [line('cloud')], 7],
    ['perpetual software', [line('perpetual-software')], 30],
    ['both', [line('perpetual-software'), line('cloud')], 7],
    ['no family known', [line(undefined)], 7],
  ])('%s', (_lines, lines, days) => {
    expect(cancellationWindowDays(lines, defaultPolicy)).toBe(days);
  });

  it.each([
    ['the day itself', '2026-11-22', '2026-11-22', true],
    ['the last day', '2026-11-22', '2026-11-29', true],
    ['the day after', '2026-11-22', '2026-11-30', false],
  ])('%s', (_when, orderedOn, today, within) => {
    expect(isWithinWindow(orderedOn, today, 7)).toBe(within);
  });
});
