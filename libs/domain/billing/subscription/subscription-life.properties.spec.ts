import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BillingPlan } from '../../catalog/price-list.js';
import { addDays } from '../../shared/calendar.js';
import type { Result } from '../../shared/result.js';
import { priceCharge } from '../charges/charge.js';
import { nextTermStart, type SubscriptionTerm } from '../terms/term.js';
import { refundableQuantity } from './seat-batches.js';
import type {
  CausedCharge,
  Subscription,
  SubscriptionRefusal,
  SubscriptionStep,
} from './subscription.js';
import { cancel, changeQuantity, resume, setAtTermEnd, suspend } from './subscription-changes.js';
import { activate, cycleChargesDue, reachTermEnd } from './term-steps.js';
import { type Command, type Life, plainLife } from './testing/plain-life.js';
import { recordedLife } from './testing/recorded-life.js';

const terms = fc.constantFrom<SubscriptionTerm>('P1M', 'P1Y', 'P3Y');
const plans = fc.constantFrom<BillingPlan>('monthly', 'annual', 'triennial', 'one_time');
const quantities = fc.integer({ min: 1, max: 12 });
// Month ends, leap days and ordinary days; few days of commands, so that several fall on one.
const starts = fc.oneof(
  fc.constantFrom(
    '2024-02-29',
    '2024-01-31',
    '2023-12-31',
    '2023-08-30',
    '2024-01-29',
    '2023-02-28',
  ),
  fc.nat(1_000).map((days) => addDays('2023-01-01', days)),
);
const days = fc.oneof(
  fc.constantFrom(0, 1, 7, 8, 28, 29, 30, 31, 364, 365, 366),
  fc.integer({ min: 0, max: 730 }),
);
const commands: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ day: days, do: fc.constant('quantity' as const), quantity: quantities }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ day: days, do: fc.constantFrom('suspend' as const, 'resume' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ day: days, do: fc.constant('cancel' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        day: days,
        do: fc.constant('atTermEnd' as const),
        action: fc.constantFrom('renew' as const, 'renew' as const, 'cancel' as const),
        quantity: quantities,
        term: terms,
        billingPlan: plans,
      },
      { requiredKeys: ['day', 'do', 'action'] },
    ),
  },
);
const lives: fc.Arbitrary<Life> = fc.record({
  start: starts,
  days: fc.constant(731),
  term: terms,
  billingPlan: plans,
  quantity: quantities,
  windowDays: fc.constantFrom(0, 7, 7, 30),
  minorUnits: fc.integer({ min: 0, max: 99_999 }),
  rounding: fc.constantFrom('truncate' as const, 'half-even' as const),
  commands: fc
    .array(commands, { maxLength: 10 })
    .map((list) => list.toSorted((a, b) => a.day - b.day)),
});

/** The same life by the model, which has work only on the days of commands and of term ends. */
function modelLife(life: Life) {
  const { windowDays } = life;
  const charges: CausedCharge[] = [];
  const outcomes: string[] = [];
  const days: { readonly on: string; readonly subscription: Subscription }[] = [];
  const take = (step: SubscriptionStep): Subscription => {
    charges.push(...step.charges);
    return step.subscription;
  };
  const lastDay = addDays(life.start, life.days - 1);
  let subscription = take(activate({ ...life, on: life.start, causedBy: 'order' }));
  let after = life.start;

  const passDays = (through: string): void => {
    while (isRunning(subscription) && nextTermStart(subscription.term) <= through) {
      const { term } = subscription;
      charges.push(...cycleChargesDue(subscription, { after, through: term.to }));
      after = nextTermStart(term);
      subscription = take(reachTermEnd(subscription, { causedBy: `day-${after}`, windowDays }));
      days.push({ on: after, subscription });
    }
    charges.push(...cycleChargesDue(subscription, { after, through }));
    after = through;
  };
  days.push({ on: life.start, subscription });
  life.commands.forEach((command, index) => {
    const on = addDays(life.start, command.day);
    passDays(on);
    const result = obey(subscription, command, { on, causedBy: `command-${index}`, windowDays });
    outcomes.push(result.ok ? 'ok' : result.refusal.code);
    if (result.ok) subscription = take(result.value);
    days.push({ on, subscription });
  });
  passDays(lastDay);
  return { charges, outcomes, states: statesByDay(life, days) };
}

const isRunning = ({ status }: Subscription): boolean =>
  status === 'active' || status === 'suspended';

/** The state at the end of every day. */
function statesByDay(
  life: Life,
  changes: readonly { readonly on: string; readonly subscription: Subscription }[],
): readonly { readonly day: string; readonly subscription: Subscription }[] {
  const byDay = new Map(changes.map(({ on, subscription }) => [on, subscription]));
  let current = changes[0]!.subscription;
  return Array.from({ length: life.days }, (_, n) => {
    const day = addDays(life.start, n);
    current = byDay.get(day) ?? current;
    return { day, subscription: current };
  });
}

function obey(
  subscription: Subscription,
  command: Command,
  change: { on: string; causedBy: string; windowDays: number },
): Result<SubscriptionStep, SubscriptionRefusal> {
  switch (command.do) {
    case 'quantity':
      return changeQuantity(subscription, { ...change, quantity: command.quantity });
    case 'suspend':
      return suspend(subscription);
    case 'resume':
      return resume(subscription);
    case 'cancel':
      return cancel(subscription, change);
    case 'atTermEnd': {
      const { day: _day, do: _do, ...atTermEnd } = command;
      return setAtTermEnd(subscription, atTermEnd);
    }
  }
}

const price = ({ minorUnits }: Life) => ({
  unitPrice: String(minorUnits),
  cost: String(minorUnits),
  currency: 'JPY',
});

describe('the life of a subscription', () => {
  it('has the same charges and refusals when it is folded from its events', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const plain = plainLife(life);
        const { charges, outcomes } = recordedLife(life);
        expect(outcomes).toEqual(plain.outcomes);
        const price = { unitPrice: String(life.minorUnits), cost: '0', currency: 'JPY' };
        expect(
          charges.map(({ charge }) => {
            const { causedBy: _, ...basis } = charge;
            const { type, from, to, date, quantity, amount } = priceCharge(
              basis,
              price,
              life.rounding,
            );
            return { type, from, to, date, quantity, minorUnits: BigInt(amount) };
          }),
        ).toEqual(plain.charges);
      }),
      { numRuns: 40, seed: 20_261_130 },
    );
  });

  it('equals the slow and obvious implementation', () => {
    const seen = new Map<string, number>();
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
    fc.assert(
      fc.property(lives, (life) => {
        const plain = plainLife(life);
        const { charges, outcomes, states } = modelLife(life);
        expect(outcomes).toEqual(plain.outcomes);
        expect(
          charges.map((basis) => {
            const { type, from, to, date, quantity, amount } = priceCharge(
              basis,
              price(life),
              life.rounding,
            );
            return { type, from, to, date, quantity, minorUnits: BigInt(amount) };
          }),
        ).toEqual(plain.charges);
        expect(
          states
            .map(({ day, subscription: { status, quantity, batches } }) => {
              return `${status} ${quantity} ${refundableQuantity(batches, day).total}`;
            })
            .join('\n'),
        ).toBe(plain.days);
        plain.outcomes.forEach(count);
        plain.charges.forEach(({ type }) => count(type));
      }),
      // Seeded, so that the cases seen at the end are always the same.
      { numRuns: 40, seed: 20_261_130 },
    );
    expect([...seen.keys()].sort()).toEqual([
      'addQuantity',
      'cancelImmediate',
      'cancellation-window-closed',
      'cycleCharge',
      'new',
      'ok',
      'reduction-window-closed',
      'removeQuantity',
      'renew',
      'scheduled-quantity-too-large',
      'subscription-not-active',
    ]);
  });

  it('charges each day for exactly the seats that it has', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { charges, states } = modelLife(life);
        const seats = new Map<string, number>();
        for (const { from, to, half, quantity } of charges) {
          const sign = half === 'credit' ? -1 : 1;
          seats.set(from, (seats.get(from) ?? 0) + sign * quantity);
          const next = addDays(to, 1);
          seats.set(next, (seats.get(next) ?? 0) - sign * quantity);
        }
        let charged = 0;
        const differing = states.filter(({ day, subscription }) => {
          charged += seats.get(day) ?? 0;
          return charged !== (isRunning(subscription) ? subscription.quantity : 0);
        });
        expect(differing).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('nets to its exact sum within one minor unit a charge', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { charges } = modelLife(life);
        const common = 1_000_000_007n; // exact enough: fractions of a billionth of a minor unit
        let error = 0n;
        for (const basis of charges) {
          const exact =
            (BigInt(life.minorUnits) * BigInt(basis.quantity) * BigInt(basis.days) * common) /
            BigInt(basis.cycles * basis.cycleDays);
          const amount = BigInt(priceCharge(basis, price(life), life.rounding).amount) * common;
          error += basis.half === 'credit' ? amount + exact : amount - exact;
        }
        const size = error < 0n ? -error : error;
        expect(size < BigInt(charges.length) * common).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('gives every charge a different key', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { charges } = modelLife(life);
        const keys = charges.map(({ type, from, half, causedBy }) =>
          [type, from, half, causedBy].join(),
        );
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 25 },
    );
  });
});
