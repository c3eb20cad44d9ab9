import { addDays } from '../../shared/calendar.js';

/**
 * Seats that were bought, added or renewed on one day. Through the day `until` (UTC) they may be
 * reduced or cancelled.
 */
export interface SeatBatch {
  readonly quantity: number;
  readonly until: string;
}

/** Whole seats; API answers call the sum `total`. */
export type Seats = number;

export interface RefundableQuantity {
  readonly total: Seats;
  /** By the end of the window, the first one first. */
  readonly details: readonly SeatBatch[];
}

export const seatBatch = (quantity: number, on: string, windowDays: number): SeatBatch => ({
  quantity,
  until: addDays(on, windowDays),
});

/** The seats that may still be given back on a day. Seats outside every open window are not in it. */
export function refundableQuantity(batches: readonly SeatBatch[], day: string): RefundableQuantity {
  const byEnd = new Map<string, number>();
  for (const { quantity, until } of openBatches(batches, day))
    byEnd.set(until, (byEnd.get(until) ?? 0) + quantity);
  const details = [...byEnd].map(([until, quantity]) => ({ quantity, until }));
  return { total: details.reduce((sum, { quantity }) => sum + quantity, 0), details };
}

/**
 * The open batches after a reduction. Microsoft does not document which batch a reduction takes
 * from; here it is the one whose window ends first. Undefined when fewer seats are refundable.
 */
export function withoutSeats(
  batches: readonly SeatBatch[],
  count: number,
  day: string,
): readonly SeatBatch[] | undefined {
  let left = count;
  const remaining: SeatBatch[] = [];
  for (const { quantity, until } of openBatches(batches, day)) {
    const taken = Math.min(quantity, left);
    left -= taken;
    if (taken < quantity) remaining.push({ quantity: quantity - taken, until });
  }
  return left === 0 ? remaining : undefined;
}

const openBatches = (batches: readonly SeatBatch[], day: string): readonly SeatBatch[] =>
  batches
    .filter(({ until }) => day <= until)
    .sort((a, b) => (a.until < b.until ? -1 : a.until > b.until ? 1 : 0));
