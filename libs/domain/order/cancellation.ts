import type { PlacedOrderLine } from './order.js';
import type { Policy } from '../program/policy.js';
import { daysBetween } from '../shared/calendar.js';

/**
 * An order may be cancelled within its offers' window: the policy's days since the order's date
 * (UTC), the shortest of its lines. Perpetual software has a window of its own.
 */
export function cancellationWindowDays(lines: readonly PlacedOrderLine[], policy: Policy): number {
  const windows = lines.map(({ family }) =>
    family === 'perpetual-software'
      ? policy.perpetualCancellationWindowDays
      : policy.cancellationWindowDays,
  );
  return Math.min(...windows);
}

/** Dates in UTC. On the window's last day the order may still be cancelled. */
export const isWithinWindow = (orderedOn: string, today: string, windowDays: number): boolean =>
  daysBetween(orderedOn, today) <= windowDays;
