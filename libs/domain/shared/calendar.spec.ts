import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  addDays,
  addMonthsClamped,
  canonicalInstant,
  daysBetween,
  isDate,
  isMonth,
  latestDateOnEarth,
  monthOf,
  utcDate,
} from './calendar.js';

const anyDate = fc
  .record({
    year: fc.integer({ min: 2, max: 9998 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 31 }),
  })
  .map((parts) => Temporal.PlainDate.from(parts, { overflow: 'constrain' }).toString());

describe('a calendar date', () => {
  it.each([
    ['0001-01-01', true],
    ['0000-12-31', false],
    ['9999-12-31', true],
    ['10000-01-01', false],
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['2000-02-29', true],
    ['1900-02-29', false],
    ['2026-04-30', true],
    ['2026-04-31', false],
    ['2026-12-31', true],
    ['2026-12-32', false],
    ['2026-13-01', false],
    ['2026-00-01', false],
    ['2026-01-00', false],
    ['2026-1-1', false],
    ['2026-11-22T00:00:00Z', false],
    ['', false],
  ])('%s: %s', (date, valid) => {
    expect(isDate(date)).toBe(valid);
  });

  it.each([
    ['2026-11', true],
    ['2026-13', false],
    ['2026-00', false],
    ['0000-01', false],
    ['2026-11-01', false],
  ])('month %s: %s', (month, valid) => {
    expect(isMonth(month)).toBe(valid);
  });

  it('belongs to a month', () => {
    expect(monthOf('2026-11-22')).toBe('2026-11');
  });
});

describe('days', () => {
  it.each([
    ['2024-02-28', 1, '2024-02-29'],
    ['2023-02-28', 1, '2023-03-01'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-01-01', -1, '2025-12-31'],
    ['0001-01-01', -1, '0000-12-31'], // the end of a fact on the first day is this date
    ['0099-12-31', 1, '0100-01-01'],
    ['9999-12-31', 1, '9999-12-31'],
  ])('%s + %d = %s', (date, days, expected) => {
    expect(addDays(date, days)).toBe(expected);
  });

  it("are counted like the calendar's", () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -300, max: 300 }), (date, days) => {
        const expected = Temporal.PlainDate.from(date).add({ days }).toString();
        expect(addDays(date, days)).toBe(expected);
        expect(daysBetween(date, expected)).toBe(days);
      }),
    );
  });
});

describe('months are added to the same day or the last one', () => {
  it.each([
    ['2024-02-29', -12, '2023-02-28'],
    ['2023-01-31', 29, '2025-06-30'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-01-15', -1, '2025-12-15'],
    ['9999-12-01', 1, '9999-12-31'],
    ['0001-01-01', -1, '0001-01-01'],
  ])('%s + %d months = %s', (date, months, expected) => {
    expect(addMonthsClamped(date, months)).toBe(expected);
  });

  it('like the calendar', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -11, max: 11 }), (date, months) => {
        expect(addMonthsClamped(date, months)).toBe(
          Temporal.PlainDate.from(date).add({ months }).toString(),
        );
      }),
    );
  });
});

describe('an instant', () => {
  it.each([
    ['2026-11-22T09:59:59.999Z', '2026-11-22', '2026-11-22'],
    ['2026-11-22T10:00:00.000Z', '2026-11-22', '2026-11-23'],
    ['2026-11-22T23:59:59.999Z', '2026-11-22', '2026-11-23'],
    ['9999-12-31T23:00:00.000Z', '9999-12-31', '9999-12-31'],
  ])('%s is on %s, and on %s where it is latest', (instant, utc, latest) => {
    expect([utcDate(instant), latestDateOnEarth(instant)]).toEqual([utc, latest]);
  });

  it.each([
    ['2026-11-22T09:00:00Z', '2026-11-22T09:00:00.000Z'],
    ['2026-11-22T09:00:00.5Z', '2026-11-22T09:00:00.500Z'],
    ['2026-11-22T09:00:00.123456Z', '2026-11-22T09:00:00.123Z'],
    ['2026-11-22T09:00:00', undefined],
    ['2026-11-22T09:00:00+09:00', undefined],
    ['2026-02-30T09:00:00Z', undefined],
    ['2026-11-22T25:00:00Z', undefined],
    ['2026-11-22', undefined],
    ['tomorrow', undefined],
  ])('%s is written %s', (instant, canonical) => {
    expect(canonicalInstant(instant)).toBe(canonical);
  });
});
