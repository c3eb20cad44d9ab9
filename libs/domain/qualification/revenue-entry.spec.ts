import { describe, expect, it } from '@jest/globals';
import type { Proposed } from '../shared/event.js';
import { revenueId } from '../shared/ids.js';
import type { RevenueEntry, RevenueEvent } from './revenue.js';
import { amountsOfEntry, evolveRevenueEntry, reviewStatusOn } from './revenue-entry.js';
import { ENTRY, entryOf } from './testing/statements.js';

// An entry depends on its events only, not on where they are recorded.
const entryAfter = (events: readonly Proposed<RevenueEvent>[]): RevenueEntry | undefined =>
  events.reduce<RevenueEntry | undefined>(
    (entry, event) => evolveRevenueEntry(entry, event as RevenueEvent),
    undefined,
  );

const usd = (amount: string) => ({ amount, currency: 'USD' });
const { reversals: _none, reviews: _no, payments: _neither, ...recorded } = entryOf();
const part = { revenueId: ENTRY, amount: usd('30.00'), usdAmount: usd('30.00') };
const reversal: Proposed<RevenueEvent> = {
  type: 'RevenueReversed',
  data: { ...part, on: '2026-11-16', reason: 'returned' },
};
const payment: Proposed<RevenueEvent> = {
  type: 'RevenuePaid',
  data: { ...part, paidOn: '2026-11-18' },
};
const review: Proposed<RevenueEvent> = {
  type: 'RevenueReviewed',
  data: { revenueId: ENTRY, outcome: 'disallowed', on: '2026-11-17', reason: 'x' },
};

describe('an entry', () => {
  it('keeps its later changes, in order', () => {
    expect(
      entryAfter([
        { type: 'RevenueRecorded', data: recorded },
        reversal,
        review,
        payment,
        reversal,
      ]),
    ).toEqual({
      ...recorded,
      reversals: [
        { amount: usd('30.00'), usdAmount: usd('30.00'), on: '2026-11-16' },
        { amount: usd('30.00'), usdAmount: usd('30.00'), on: '2026-11-16' },
      ],
      reviews: [{ outcome: 'disallowed', on: '2026-11-17' }],
      payments: [{ amount: usd('30.00'), usdAmount: usd('30.00'), paidOn: '2026-11-18' }],
    });
  });

  it('is the first that was recorded', () => {
    const again = { ...recorded, amount: usd('7.00'), usdAmount: usd('7.00') };
    expect(
      entryAfter([
        { type: 'RevenueRecorded', data: recorded },
        { type: 'RevenueRecorded', data: again },
      ]),
    ).toEqual(entryOf());
  });

  it('does not exist before it was recorded, and is not changed by other entries', () => {
    expect(entryAfter([reversal])).toBeUndefined();
    const others = { ...recorded, revenueId: revenueId('00000000-0000-5000-8000-000000000001') };
    expect(
      entryAfter([{ type: 'RevenueRecorded', data: others }, reversal, review, payment]),
    ).toEqual({
      ...others,
      reversals: [],
      reviews: [],
      payments: [],
    });
  });

  it('has the effects of its amount, its reversals and its payments, each on its own day', () => {
    const { family, soldAs } = recorded;
    const all = { family, soldAs, status: 'disallowed' };
    expect(
      amountsOfEntry(
        entryAfter([{ type: 'RevenueRecorded', data: recorded }, payment, reversal])!,
        'disallowed',
      ),
    ).toEqual([
      { ...all, kind: 'recorded', on: '2026-11-15', usd: '100.00' },
      { ...all, kind: 'reversed', on: '2026-11-16', usd: '30.00' },
      { ...all, kind: 'paid', on: '2026-11-18', usd: '30.00' },
    ]);
  });
});

describe('the review in force', () => {
  const reviews: RevenueEntry['reviews'] = [
    { outcome: 'disallowed', on: '2026-11-10' },
    { outcome: 'under-review', on: '2026-11-05' },
    { outcome: 'confirmed', on: '2026-11-20' },
    { outcome: 'disallowed', on: '2026-11-20' },
    { outcome: 'disallowed', on: '2026-11-25' },
    { outcome: 'confirmed', on: '2026-11-25' },
  ];

  it.each([
    ['2026-11-04', 'counted'],
    ['2026-11-05', 'counted'],
    ['2026-11-09', 'counted'],
    ['2026-11-10', 'disallowed'],
    ['2026-11-19', 'disallowed'],
    ['2026-11-20', 'disallowed'],
    ['2026-11-24', 'disallowed'],
    ['2026-11-25', 'counted'],
  ])('makes the entry %s: %s', (date, status) => {
    expect(reviewStatusOn(reviews, date)).toBe(status);
  });
});
