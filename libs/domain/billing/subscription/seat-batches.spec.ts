import { describe, expect, it } from '@jest/globals';
import { refundableQuantity, seatBatch, withoutSeats } from './seat-batches.js';

const batches = [
  seatBatch(5, '2026-11-10', 7),
  seatBatch(3, '2026-11-01', 7),
  seatBatch(2, '2026-11-10', 7),
];

describe('the refundable quantity', () => {
  it.each([
    ['2026-11-08', 10],
    ['2026-11-09', 7],
    ['2026-11-17', 7],
    ['2026-11-18', 0],
  ])('on %s is %d', (day, total) => {
    expect(refundableQuantity(batches, day).total).toBe(total);
  });

  it('lists the windows by their last day, one entry a day', () => {
    expect(refundableQuantity(batches, '2026-11-08').details).toEqual([
      { quantity: 3, until: '2026-11-08' },
      { quantity: 7, until: '2026-11-17' },
    ]);
  });

  it('of a window of no days ends on the day of the purchase', () => {
    const sameDay = [seatBatch(4, '2026-11-10', 0)];
    expect(refundableQuantity(sameDay, '2026-11-10').total).toBe(4);
    expect(refundableQuantity(sameDay, '2026-11-11').total).toBe(0);
  });
});

describe('a reduction', () => {
  it.each([
    [2, '2026-11-08', [1, 5, 2]],
    [3, '2026-11-08', [5, 2]],
    [4, '2026-11-08', [4, 2]],
    [9, '2026-11-08', [1]],
    [10, '2026-11-08', []],
    [11, '2026-11-08', undefined],
    [7, '2026-11-09', []],
    [8, '2026-11-09', undefined],
    [1, '2026-11-18', undefined],
  ])('of %d seats on %s takes from the window that ends first', (count, day, left) => {
    expect(withoutSeats(batches, count, day)?.map(({ quantity }) => quantity)).toEqual(left);
  });
});
