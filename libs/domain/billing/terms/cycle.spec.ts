import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BillingPlan } from '../../catalog/price-list.js';
import { addDays, daysBetween } from '../../shared/calendar.js';
import { cycleOn, cyclesOf, daysLeft } from './cycle.js';
import { cyclesPerTerm, nextTermStart, type SubscriptionTerm, termFrom } from './term.js';

const starts = (from: string, duration: SubscriptionTerm, plan: BillingPlan): readonly string[] =>
  cyclesOf(termFrom(from, duration, plan)).map((cycle) => cycle.from);

/** The first days of successive terms. */
function termStarts(from: string, duration: SubscriptionTerm, count: number): readonly string[] {
  const days = [from];
  while (days.length < count) days.push(nextTermStart(termFrom(days.at(-1)!, duration, 'monthly')));
  return days;
}

describe('a term', () => {
  it.each([
    ['2026-01-31', 'P1M', '2026-02-27'],
    ['2028-01-31', 'P1M', '2028-02-28'],
    ['2026-01-15', 'P1M', '2026-02-14'],
    ['2026-01-01', 'P1Y', '2026-12-31'],
    ['2024-02-29', 'P1Y', '2025-02-27'],
    ['2024-02-28', 'P1Y', '2025-02-27'],
    ['2024-03-01', 'P1Y', '2025-02-28'],
    ['2024-02-29', 'P3Y', '2027-02-27'],
    ['2025-11-30', 'P3Y', '2028-11-29'],
  ] as const)('that starts on %s and lasts %s ends on %s', (from, duration, to) => {
    expect(termFrom(from, duration, 'monthly').to).toBe(to);
  });

  it('of a month loses its anchor when it renews from a clamped day', () => {
    // Partner Center: bought on Jan 31, ends on Feb 27, renews on Feb 28 and on Mar 28.
    expect(termStarts('2021-01-31', 'P1M', 4)).toEqual([
      '2021-01-31',
      '2021-02-28',
      '2021-03-28',
      '2021-04-28',
    ]);
  });

  it('of a year from Feb 29 is followed by one from Feb 28, in leap years too', () => {
    // lago-api PR 6173: two runs gave the same boundaries, and a year disappeared as a duplicate.
    expect(termStarts('2024-02-29', 'P1Y', 5)).toEqual([
      '2024-02-29',
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-28',
    ]);
  });
});

describe('the cycles of a term', () => {
  it('restore the anchor of the 31st in every month that has one', () => {
    // killbill #127: the third invoice of a subscription from Jan 31 never came.
    expect(starts('2017-01-31', 'P1Y', 'monthly')).toEqual([
      '2017-01-31',
      '2017-02-28',
      '2017-03-31',
      '2017-04-30',
      '2017-05-31',
      '2017-06-30',
      '2017-07-31',
      '2017-08-31',
      '2017-09-30',
      '2017-10-31',
      '2017-11-30',
      '2017-12-31',
    ]);
  });

  it.each([
    // lago-api PR 1567 and PR 1840: the periods before and after a short month left a gap.
    ['2023-01-31', '2023-02-28', '2023-02-28', '2023-03-30'],
    ['2024-01-30', '2024-02-29', '2024-02-29', '2024-03-29'],
    ['2024-01-30', '2024-02-28', '2024-01-30', '2024-02-28'],
  ])('of a year from %s: %s is in %s to %s', (start, day, from, to) => {
    expect(cycleOn(termFrom(start, 'P1Y', 'monthly'), day)).toMatchObject({ from, to });
  });

  it.each([
    ['P1M', 'monthly', 1],
    ['P1M', 'annual', 1],
    ['P1Y', 'monthly', 12],
    ['P1Y', 'annual', 1],
    ['P1Y', 'one_time', 1],
    ['P3Y', 'monthly', 36],
    ['P3Y', 'annual', 3],
    ['P3Y', 'triennial', 1],
    ['P3Y', 'one_time', 1],
  ] as const)('of %s %s are %d', (duration, plan, count) => {
    expect(cyclesPerTerm({ duration, billingPlan: plan })).toBe(count);
    expect(cyclesOf(termFrom('2024-02-29', duration, plan))).toHaveLength(count);
  });

  it('of a three-year term with the annual plan start on the day of the year', () => {
    // lago-api PR 1035: a yearly fee from the 31st was charged again in the second month.
    expect(starts('2023-12-31', 'P3Y', 'annual')).toEqual([
      '2023-12-31',
      '2024-12-31',
      '2025-12-31',
    ]);
    expect(starts('2024-02-29', 'P3Y', 'annual')).toEqual([
      '2024-02-29',
      '2025-02-28',
      '2026-02-28',
    ]);
  });

  it.each([
    ['2021-02-21', 28],
    ['2025-02-26', 28],
    ['2024-02-21', 29],
    ['2024-03-31', 30],
  ])('have the real days of the calendar: from %s they are %d', (from, days) => {
    expect(cyclesOf(termFrom(from, 'P1Y', 'monthly'))[0]).toMatchObject({ days });
  });

  it('are outside the term on the day before it and after it', () => {
    const term = termFrom('2026-01-31', 'P1M', 'monthly');
    expect(cycleOn(term, '2026-01-30')).toBeUndefined();
    expect(cycleOn(term, '2026-01-31')).toBeDefined();
    expect(cycleOn(term, '2026-02-27')).toBeDefined();
    expect(cycleOn(term, '2026-02-28')).toBeUndefined();
  });

  it('of a term with irregular dates are anchored on its end', () => {
    // Partner Center's example of a migrated subscription: Jan 25 to Jul 20 is charged to Feb 20 first.
    const cycles = cyclesOf({
      duration: 'P1Y',
      billingPlan: 'monthly',
      from: '2022-01-25',
      to: '2022-07-20',
    });
    expect(cycles.slice(0, 2)).toEqual([
      { from: '2022-01-25', to: '2022-02-20', days: 31 },
      { from: '2022-02-21', to: '2022-03-20', days: 28 },
    ]);
    expect(cycles.at(-1)).toEqual({ from: '2022-06-21', to: '2022-07-20', days: 30 });
    expect(cycles).toHaveLength(6);
  });

  it('of a short term count the days of the whole cycle', () => {
    // lago-api PR 6194: the denominator of a clamped period is the whole period.
    expect(
      cyclesOf({ duration: 'P1Y', billingPlan: 'annual', from: '2026-05-20', to: '2026-12-31' }),
    ).toEqual([{ from: '2026-05-20', to: '2026-12-31', days: 365 }]);
  });

  it('cover the term without gap or overlap, from any start', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_500 }),
        fc.constantFrom<SubscriptionTerm>('P1M', 'P1Y', 'P3Y'),
        fc.constantFrom<BillingPlan>('monthly', 'annual', 'triennial', 'one_time'),
        fc.option(fc.integer({ min: 0, max: 400 })),
        (day, duration, plan, length) => {
          const from = addDays('2023-01-01', day);
          const nominal = termFrom(from, duration, plan);
          const term = length === null ? nominal : { ...nominal, to: addDays(from, length) };
          const cycles = cyclesOf(term);
          expect(cycles[0]!.from).toBe(term.from);
          expect(cycles.at(-1)!.to).toBe(term.to);
          cycles.forEach((cycle, index) => {
            expect(cycle.from <= cycle.to).toBe(true);
            if (index > 0) {
              expect(cycle.from).toBe(addDays(cycles[index - 1]!.to, 1));
              expect(cycle.days).toBe(daysBetween(cycle.from, cycle.to) + 1);
            }
            expect(daysLeft(cycle, cycle.from)).toBeLessThanOrEqual(cycle.days);
            expect(daysLeft(cycle, cycle.to)).toBe(1);
          });
          if (length === null) expect(cycles).toHaveLength(cyclesPerTerm(term));
        },
      ),
      { numRuns: 150 },
    );
  });
});
