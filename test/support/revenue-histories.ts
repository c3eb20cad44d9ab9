import Big from 'big.js';
import fc from 'fast-check';
import { defaultPolicy } from '../../libs/domain/program/default-policy.js';
import type { Policy } from '../../libs/domain/program/policy.js';
import { addDays, addMonthsClamped, monthOf } from '../../libs/domain/shared/calendar.js';
import type { Proposed } from '../../libs/domain/shared/event.js';
import { eventId, type RevenueId, revenueId } from '../../libs/domain/shared/ids.js';
import { type Money, roundMoney } from '../../libs/domain/shared/money.js';
import { revenueStream } from '../../libs/domain/shared/streams.js';
import type {
  RevenueAmount,
  RevenueEntry,
  RevenueEvent,
  RevenueStatement,
  ReviewOutcome,
} from '../../libs/domain/qualification/revenue.js';
import {
  payRevenue,
  recordRevenue,
  type RevenueDecision,
  reverseRevenue,
  reviewRevenue,
} from '../../libs/domain/qualification/revenue.decide.js';
import {
  amountsOfEntry,
  evolveRevenueEntry,
  newRevenueEntry,
  reviewStatusOn,
} from '../../libs/domain/qualification/revenue-entry.js';
import { ratesOf, statement } from '../../libs/domain/qualification/testing/statements.js';

/** Dates that show clamping, leap days and the ends of months and years. */
export const asOfDates: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '2024-02-28',
      '2024-02-29',
      '2024-03-01',
      '2025-02-28',
      '2025-03-01',
      '2025-03-31',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '2023-12-31',
      '2024-01-01',
      '2024-01-31',
      '2024-12-30',
      '2024-12-31',
      '2025-02-27',
    ),
  },
  { weight: 2, arbitrary: fc.nat(900).map((days) => addDays('2023-06-15', days)) },
);

/** Near the bounds of windows and months, on both sides, or anywhere. */
const daysAround = (asOf: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc
      .tuple(fc.integer({ min: -13, max: 1 }), fc.integer({ min: -2, max: 2 }))
      .map(([months, days]) => addDays(addMonthsClamped(asOf, months), days)),
    fc.integer({ min: -360, max: 0 }).map((days) => addDays(asOf, days)),
    fc.integer({ min: -800, max: 60 }).map((days) => addDays(asOf, days)),
    fc.constantFrom(
      '2023-02-28',
      '2023-03-01',
      '2024-02-28',
      '2024-02-29',
      '2024-03-01',
      '2025-02-28',
    ),
  );

const cents: fc.Arbitrary<string> = fc
  .oneof(fc.integer({ min: -30_000, max: 120_000 }), fc.integer({ min: -3, max: 3 }))
  .map(
    (value) =>
      `${value < 0 ? '-' : ''}${String(Math.floor(Math.abs(value) / 100))}.${String(Math.abs(value) % 100).padStart(2, '0')}`,
  );

const amounts = fc.oneof(
  { weight: 3, arbitrary: cents.map((amount) => ({ amount, currency: 'USD' })) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: -50_000, max: 150_000 })
      .map((yen) => ({ amount: String(yen), currency: 'JPY' })),
  },
);

// Few references, so that entries are repeated, and that one entry has several reversals and
// reviews.
const reference = fc.nat(11).map(String);

const steps = (day: fc.Arbitrary<string>) =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        step: fc.constant('record' as const),
        reference,
        amount: amounts,
        on: day,
        family: fc.constantFrom<RevenueStatement['family'][]>(
          'cloud',
          'cloud',
          'cloud',
          'perpetual-software',
          'partner-owned',
        ),
        soldAs: fc.constantFrom<RevenueStatement['soldAs'][]>(
          ...Array.from({ length: 6 }, () => 'indirect-reseller' as const),
          'direct-bill',
          'indirect-provider',
        ),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        step: fc.constant('reverse' as const),
        reference,
        part: fc.nat(3),
        on: day,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        step: fc.constant('review' as const),
        reference,
        outcome: fc.constantFrom<ReviewOutcome[]>(
          'under-review',
          'disallowed',
          'disallowed',
          'confirmed',
        ),
        on: day,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        step: fc.constant('pay' as const),
        reference,
        part: fc.nat(3),
        on: day,
      }),
    },
  );
type Step = ReturnType<typeof steps> extends fc.Arbitrary<infer One> ? One : never;

/** The log of one partner after commands in random order. A refused command appends nothing. */
export const histories = (asOf: string): fc.Arbitrary<readonly RevenueEvent[]> =>
  fc.array(steps(daysAround(asOf)), { maxLength: 40, size: 'max' }).map(historyOf);

export const policies: fc.Arbitrary<Policy> = fc
  .record({
    revenueWindow: fc.constantFrom<Policy['revenueWindow'][]>(
      'rolling-12-months',
      'calendar-months',
    ),
    revenueBasis: fc.constantFrom<Policy['revenueBasis'][]>('billed', 'paid'),
    excludedFamilies: fc.constantFrom<Policy['excludedFamilies'][]>(
      ['perpetual-software'],
      ['perpetual-software'],
      [],
      [],
      ['partner-owned', 'cloud'],
    ),
    trailingRevenueThreshold: fc.constantFrom(
      '0.00',
      '0.01',
      '50.00',
      '150.00',
      '400.00',
      '700.00',
      '2500.00',
    ),
  })
  .map((changes) => ({ ...defaultPolicy, ...changes }));

/** The history's amounts by entry; a repeat counts as a separate amount. */
export function amountsOfHistory(
  history: readonly RevenueEvent[],
  asOf: string,
): readonly RevenueAmount[] {
  const entries = new Map<string, RevenueEntry>();
  const repeats: RevenueAmount[] = [];
  for (const event of history) {
    const known = entries.get(event.data.revenueId);
    if (known && event.type === 'RevenueRecorded')
      repeats.push(...amountsOfEntry(newRevenueEntry(event.data), 'duplicate'));
    const entry = evolveRevenueEntry(known, event);
    if (entry) entries.set(entry.revenueId, entry);
  }
  return [
    ...repeats,
    ...[...entries.values()].flatMap((entry) =>
      amountsOfEntry(entry, reviewStatusOn(entry.reviews, asOf)),
    ),
  ];
}

function historyOf(sequence: readonly Step[]): readonly RevenueEvent[] {
  const history: RevenueEvent[] = [];
  const entries = new Map<string, RevenueEntry>();
  for (const step of sequence) {
    for (const proposed of proposedBy(step, entries.get(idOf(step.reference)))) {
      const event = recordedAs(proposed, history.length);
      history.push(event);
      const entry = evolveRevenueEntry(entries.get(event.data.revenueId), event);
      if (entry) entries.set(entry.revenueId, entry);
    }
  }
  return history;
}

const LATEST_TODAY = '2027-12-31';
const RATES = ratesOf(
  Object.fromEntries(
    Array.from({ length: 84 }, (_, index) => [
      monthOf(addMonthsClamped('2021-01-01', index)),
      { JPY: `0.00${String(61 + (index % 13))}` },
    ]),
  ),
);

function proposedBy(
  step: Step,
  entry: RevenueEntry | undefined,
): readonly Proposed<RevenueEvent>[] {
  switch (step.step) {
    case 'record': {
      const { amount, on: recognizedOn, family, soldAs, reference } = step;
      const stated = { ...statement, amount, recognizedOn, family, soldAs, reference };
      const recorded = recordRevenue(
        stated,
        { program: { exchangeRates: RATES }, latestToday: LATEST_TODAY },
        idOf(reference),
      );
      return recorded.ok ? [{ type: 'RevenueRecorded', data: recorded.value }] : [];
    }
    case 'reverse':
      return acceptedOf(
        reverseRevenue({ ...partOf(entry, step.part), on: step.on, reason: 'returned' }, entry),
      );
    case 'review':
      return acceptedOf(
        reviewRevenue({ outcome: step.outcome, on: step.on, reason: 'reviewed' }, entry),
      );
    case 'pay': {
      const { amount } = partOf(entry, step.part);
      return amount
        ? acceptedOf(payRevenue({ amount, paidOn: step.on }, entry, { latestToday: LATEST_TODAY }))
        : [];
    }
  }
}

const idOf = (reference: string): RevenueId =>
  revenueId(`00000000-0000-5000-8000-${reference.padStart(12, '0')}`);

const acceptedOf = (decision: RevenueDecision): readonly Proposed<RevenueEvent>[] =>
  decision.ok ? decision.value : [];

/** The whole amount, a half or a third; 0 leaves the field out. */
function partOf(entry: RevenueEntry | undefined, part: number): { readonly amount?: Money } {
  if (!entry || part === 0) return {};
  const { amount, currency } = entry.amount;
  return { amount: roundMoney(new Big(amount).div(part).toFixed(), currency) };
}

const recordedAs = ({ type, data }: Proposed<RevenueEvent>, revision: number): RevenueEvent =>
  // A proposal of this union plus the envelope that a log adds is an event of this union.
  ({
    id: eventId(`event-${revision}`),
    type,
    version: 1,
    stream: revenueStream(statement.partnerId),
    revision,
    recordedAt: '2026-11-22T09:00:00.000Z',
    data,
  }) as RevenueEvent;
