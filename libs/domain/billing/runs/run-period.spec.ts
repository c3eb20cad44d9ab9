import { describe, expect, it } from '@jest/globals';
import { chargesOfRun, isPeriodOver, lastDayOfPeriod } from './run-period.js';

describe('the period of a run', () => {
  it.each([
    ['2026-11', '2026-11-30'],
    ['2026-12', '2026-12-31'],
    ['2024-02', '2024-02-29'],
    ['2023-02', '2023-02-28'],
  ])('%s ends on %s', (period, day) => {
    expect(lastDayOfPeriod(period)).toBe(day);
  });

  it.each([
    ['2026-11-30', false],
    ['2026-12-01', true],
  ])('2026-11 is over on %s: %s', (today, isOver) => {
    expect(isPeriodOver('2026-11', today)).toBe(isOver);
  });
});

describe('the charges of a run', () => {
  const charges = ['2026-09-15', '2026-11-30', '2026-12-01'].map((date) => ({
    chargeId: date,
    date,
  }));
  const datesOf = (period: string, billed: readonly string[] = []) =>
    chargesOfRun(charges, period, (chargeId) => billed.includes(chargeId)).map(({ date }) => date);

  it('are those up to the last day of its period, including late ones', () => {
    // killbill #1042: a dry run far ahead merged earlier periods.
    expect(datesOf('2026-11')).toEqual(['2026-09-15', '2026-11-30']);
    expect(datesOf('2026-08')).toEqual([]);
  });

  it('are those that are on no document', () => {
    expect(datesOf('2026-11', ['2026-09-15'])).toEqual(['2026-11-30']);
    expect(datesOf('2026-11', ['2026-09-15', '2026-11-30'])).toEqual([]);
  });
});
