import { describe, expect, it } from '@jest/globals';
import {
  changesOfWindow,
  countedWindow,
  liesIn,
  revenueWindow,
  windowMonths,
} from './revenue-window.js';

const rolling = { revenueWindow: 'rolling-12-months' } as const;
const calendar = { revenueWindow: 'calendar-months' } as const;

describe('the window as of a date', () => {
  it.each([
    ['2026-11-22', rolling, '2025-11-22', '2026-11-22'],
    ['2024-02-29', rolling, '2023-02-28', '2024-02-29'],
    ['2025-02-28', rolling, '2024-02-28', '2025-02-28'],
    ['2025-03-01', rolling, '2024-03-01', '2025-03-01'],
    ['2024-03-31', rolling, '2023-03-31', '2024-03-31'],
    ['2026-11-22', calendar, '2025-10-31', '2026-10-31'],
    ['2026-11-01', calendar, '2025-10-31', '2026-10-31'],
    ['2026-11-30', calendar, '2025-10-31', '2026-10-31'],
    ['2025-03-15', calendar, '2024-02-29', '2025-02-28'],
    ['2026-01-01', calendar, '2024-12-31', '2025-12-31'],
    ['0001-11-22', rolling, '0000-12-31', '0001-11-22'],
    ['0002-01-31', rolling, '0001-01-31', '0002-01-31'],
    ['0001-01-31', calendar, '0000-12-31', '0000-12-31'],
    ['0002-01-31', calendar, '0000-12-31', '0001-12-31'],
  ])('%s, %o: after %s through %s', (asOf, policy, after, through) => {
    expect(countedWindow(asOf, policy)).toEqual({ after, through });
    expect(revenueWindow(asOf, policy)).toEqual({ after, through: asOf });
  });

  it.each([
    ['2025-11-22', false],
    ['2025-11-23', true],
    ['2026-11-22', true],
    ['2026-11-23', false],
  ])('2026-11-22 includes %s: %s', (day, holds) => {
    expect(liesIn(day, countedWindow('2026-11-22', rolling))).toBe(holds);
  });
});

describe('its twelve parts', () => {
  const ends = (asOf: string, policy: typeof rolling | typeof calendar): readonly string[] =>
    windowMonths(asOf, policy).map(({ through }) => through.slice(2));

  it.each([
    [
      '2024-02-29',
      rolling,
      '23-03-29 23-04-29 23-05-29 23-06-29 23-07-29 23-08-29 23-09-29 23-10-29 23-11-29 23-12-29 24-01-29 24-02-29',
    ],
    [
      '2025-03-31',
      rolling,
      '24-04-30 24-05-31 24-06-30 24-07-31 24-08-31 24-09-30 24-10-31 24-11-30 24-12-31 25-01-31 25-02-28 25-03-31',
    ],
    [
      '2025-03-31',
      calendar,
      '24-03-31 24-04-30 24-05-31 24-06-30 24-07-31 24-08-31 24-09-30 24-10-31 24-11-30 24-12-31 25-01-31 25-02-28',
    ],
  ])('of %s, %o', (asOf, policy, last) => {
    expect(ends(asOf, policy).join(' ')).toBe(last);
  });

  it.each([rolling, calendar])('follow each other without a gap: %o', (policy) => {
    for (const asOf of ['2024-02-29', '2024-03-31', '2025-01-31', '2026-11-22', '0001-05-05']) {
      const months = windowMonths(asOf, policy);
      expect(months[0]!.after).toBe(countedWindow(asOf, policy).after);
      expect(months.slice(1).map(({ after }) => after)).toEqual(
        months.slice(0, -1).map(({ through }) => through),
      );
    }
  });
});

describe('a day leaves the rolling window', () => {
  it.each([
    ['2025-04-01', '2026-04-01'],
    ['2024-02-28', '2025-02-28'],
    ['2024-02-29', '2025-03-01'],
    ['2023-02-28', '2024-02-28'],
    ['2023-03-01', '2024-03-01'],
  ])('of %s on %s', (day, leaves) => {
    expect(changesOfWindow('2024-02-01', [day], rolling)).toEqual([leaves]);
  });

  it('never before the date asked for', () => {
    expect(changesOfWindow('2026-04-01', ['2025-04-01', '2025-04-02'], rolling)).toEqual([
      '2026-04-02',
    ]);
  });
});
