import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { BillingPlan } from '../../catalog/price-list.js';
import { addDays, daysBetween } from '../../shared/calendar.js';
import { compareDecimals, type Rounding, sumOf } from '../../shared/money.js';
import { cycleOn, cyclesOf } from '../terms/cycle.js';
import { type SubscriptionTerm, termFrom } from '../terms/term.js';
import { type Charge, chargeKey, priceCharge } from './charge.js';
import {
  cancellationCredit,
  type ChargeBasis,
  cycleCharge,
  oneTimeCharge,
  oneTimeCredit,
  quantityChange,
} from './charge-basis.js';

const at = (unitPrice: string, currency = 'USD', rounding: Rounding = 'truncate') => {
  return (basis: ChargeBasis): Charge =>
    priceCharge(basis, { unitPrice, cost: '1.00', currency }, rounding);
};
const shareOf = (days: number, cycleDays: number, quantity: number, cycles = 1): ChargeBasis => ({
  ...cycleCharge(
    'new',
    termFrom('2026-01-01', 'P1M', 'monthly'),
    { from: '2026-01-01', to: '2026-01-31', days: 31 },
    quantity,
  ),
  days,
  cycleDays,
  cycles,
});

interface Example {
  readonly case: string;
  readonly unit_price: string;
  readonly days_billed: string;
  readonly cycle_days: string;
  readonly qty: string;
  readonly documented: string;
  readonly rule_that_matches: string;
}
const examples = parse<Example>(
  readFileSync('libs/domain/billing/charges/testing/proration-examples.csv', 'utf8'),
  { columns: true, comment: '#', comment_no_infix: true },
);

describe("Microsoft's worked examples", () => {
  it.each(examples.filter((row) => row.rule_that_matches === 'truncate-total'))(
    '$case: $unit_price × $qty × $days_billed ÷ $cycle_days is $documented',
    (row) => {
      const basis = shareOf(Number(row.days_billed), Number(row.cycle_days), Number(row.qty));
      expect(at(row.unit_price)(basis).amount).toBe(row.documented);
    },
  );

  it('are fourteen with a truncated total, and five with a truncated unit price', () => {
    const byRule = Map.groupBy(examples, (row) => row.rule_that_matches);
    expect([...byRule].map(([rule, rows]) => [rule, rows.length])).toEqual([
      ['truncate-total', 14],
      ['truncate-unit', 5],
    ]);
  });
});

describe('an amount', () => {
  it.each([
    // lago-api PR 4313: the line is rounded once.
    ['200.00', 29, 30, 1, 'USD', 'truncate', '193.33'],
    // A reseller's article on legacy offers rounds half to even.
    ['51.93', 27, 31, 500, 'USD', 'half-even', '22614.68'],
    ['51.93', 27, 31, 500, 'USD', 'truncate', '22614.67'],
    // lago-api #643: the amount of a currency without minor digits was shown a hundredfold.
    ['10000', 6, 31, 1, 'JPY', 'truncate', '1935'],
    ['10000', 6, 31, 1, 'JPY', 'half-even', '1935'],
    ['1.000', 1, 3, 2, 'KWD', 'truncate', '0.666'],
    ['1.000', 1, 3, 2, 'KWD', 'half-even', '0.667'],
    ['0.00', 29, 30, 7, 'USD', 'truncate', '0.00'],
    // Price lists have prices finer than the minor unit.
    ['0.005', 30, 30, 1, 'USD', 'half-even', '0.00'],
    ['0.015', 30, 30, 1, 'USD', 'half-even', '0.02'],
    ['0.015', 30, 30, 1, 'USD', 'truncate', '0.01'],
  ] as const)(
    '%s × %d/%d × %d in %s by %s is %s',
    (price, days, cycleDays, quantity, currency, rounding, amount) => {
      expect(at(price, currency, rounding)(shareOf(days, cycleDays, quantity)).amount).toBe(amount);
    },
  );

  it('counts the days of that cycle for three days at the end of February', () => {
    // microsoft/BCApps #5718: 3 × 9 ÷ 28, not ÷ 31.
    const term = termFrom('2025-02-01', 'P1M', 'monthly');
    expect(at('9.00')(cancellationCredit(term, '2025-02-26', 1)).amount).toBe('-0.96');
  });

  it.each([
    ['P1Y', 'monthly', '100.00'],
    ['P3Y', 'monthly', '33.33'],
    ['P3Y', 'annual', '400.00'],
    ['P1Y', 'annual', '1200.00'],
    ['P3Y', 'triennial', '1200.00'],
    ['P1M', 'monthly', '1200.00'],
  ] as const)(
    'of every cycle of %s %s is its share of the term price',
    (duration, plan, amount) => {
      const term = termFrom('2024-01-31', duration, plan);
      const amounts = cyclesOf(term).map(
        (cycle) => at('120.00')(cycleCharge('cycleCharge', term, cycle, 10)).amount,
      );
      expect(new Set(amounts)).toEqual(new Set([amount]));
    },
  );

  it('of a short first cycle is the share of its days', () => {
    const term = {
      duration: 'P1Y',
      billingPlan: 'monthly',
      from: '2022-01-25',
      to: '2022-07-20',
    } as const;
    const [first] = cyclesOf(term);
    expect(at('120.00')(cycleCharge('cycleCharge', term, first!, 10))).toMatchObject({
      from: '2022-01-25',
      to: '2022-02-20',
      amount: '87.09', // 100 × 27 ÷ 31
    });
  });
});

describe('a change of quantity', () => {
  const term = termFrom('2021-06-18', 'P1M', 'monthly');

  it('credits the old quantity and charges the new one to the end of the cycle', () => {
    expect(quantityChange(term, '2021-06-20', 10, 12).map(at('10.08'))).toEqual([
      {
        type: 'addQuantity',
        from: '2021-06-20',
        to: '2021-07-17',
        date: '2021-06-20',
        quantity: 10,
        unitPrice: '10.08',
        amount: '-94.08',
        cost: '-9.33',
      },
      {
        type: 'addQuantity',
        from: '2021-06-20',
        to: '2021-07-17',
        date: '2021-06-20',
        quantity: 12,
        unitPrice: '10.08',
        amount: '112.89',
        cost: '11.20',
      },
    ]);
  });

  it('is a removal when the new quantity is smaller', () => {
    expect(
      quantityChange(term, '2021-06-20', 12, 8)
        .map(at('10.08'))
        .map(({ type, amount }) => [type, amount]),
    ).toEqual([
      ['removeQuantity', '-112.89'],
      ['removeQuantity', '75.26'],
    ]);
  });

  it.each([
    ['2021-06-18', 30],
    ['2021-06-19', 29],
    ['2021-07-17', 1],
  ])('on %s counts %d days', (day, days) => {
    expect(quantityChange(term, day, 1, 2)[0].days).toBe(days);
  });

  it.each(['2021-06-17', '2021-07-18'])('on %s is outside the term', (day) => {
    expect(() => quantityChange(term, day, 1, 2)).toThrow(RangeError);
  });

  it('has lines of zero when the price is zero', () => {
    // killbill #783: a free plan replaced on its first day was taken for double billing.
    expect(
      quantityChange(term, '2021-06-18', 1, 5)
        .map(at('0', 'KRW'))
        .map(({ amount }) => amount),
    ).toEqual(['0', '0']);
  });
});

describe('a one-time purchase', () => {
  it('is charged on the order date and credited in full for the same day', () => {
    const bought = at('35.50')(oneTimeCharge('2026-11-10', 3));
    const cancelled = at('35.50')(oneTimeCredit('2026-11-10', 3, '2026-11-30'));
    expect(bought).toMatchObject({
      type: 'oneTime',
      from: '2026-11-10',
      to: '2026-11-10',
      date: '2026-11-10',
      amount: '106.50',
    });
    expect(cancelled).toMatchObject({
      type: 'cancelImmediate',
      from: '2026-11-10',
      to: '2026-11-10',
      date: '2026-11-30',
      amount: '-106.50',
    });
  });
});

describe('the key of a charge', () => {
  const identity = {
    source: { subscriptionId: 's' },
    relation: 'customer',
    type: 'addQuantity',
    from: '2026-11-10',
    causedBy: 'e1',
    half: 'charge',
  } as const;

  it.each([
    { source: { subscriptionId: 't' } },
    { source: { orderId: 's', line: 0 } },
    { relation: 'reseller' },
    // OCA/contract PR 1473: a guard that did not know the kind of charge blocked a termination.
    { type: 'removeQuantity' },
    { from: '2026-11-11' },
    // Two changes on one day are two charges.
    { causedBy: 'e2' },
    { half: 'credit' },
  ] as const)('differs with %j', (change) => {
    expect(chargeKey({ ...identity, ...change })).not.toEqual(chargeKey(identity));
  });

  it('is the same for the same charge of another run', () => {
    // lago-api PR 1074: runs at 20:00 and 23:00 UTC were two days of one customer, and two invoices.
    expect(chargeKey({ ...identity })).toEqual(chargeKey(identity));
  });
});

describe('charges of any price, quantity and day', () => {
  const lives = fc
    .record({
      start: fc.integer({ min: 0, max: 1_460 }).map((days) => addDays('2023-01-01', days)),
      duration: fc.constantFrom<SubscriptionTerm>('P1M', 'P1Y', 'P3Y'),
      plan: fc.constantFrom<BillingPlan>('monthly', 'annual', 'triennial'),
      offset: fc.nat(1_100),
      before: fc.integer({ min: 1, max: 9_999 }),
      after: fc.integer({ min: 1, max: 9_999 }),
      cents: fc.integer({ min: 0, max: 999_999 }),
      currency: fc.constantFrom('USD', 'JPY', 'KWD'),
      rounding: fc.constantFrom<Rounding>('truncate', 'half-even'),
    })
    .map(({ start, duration, plan, offset, cents, ...rest }) => {
      const term = termFrom(start, duration, plan);
      const day = addDays(start, offset % (daysBetween(start, term.to) + 1));
      return {
        ...rest,
        term,
        day,
        price: `${Math.floor(cents / 1_000)}.${String(cents % 1_000).padStart(3, '0')}`,
      };
    });

  it('net to zero for seats that are added and removed on one day', () => {
    fc.assert(
      fc.property(lives, ({ term, day, before, after, price, currency, rounding }) => {
        const there = quantityChange(term, day, before, before + after).map(
          at(price, currency, rounding),
        );
        const back = quantityChange(term, day, before + after, before).map(
          at(price, currency, rounding),
        );
        expect(
          compareDecimals(sumOf(...[...there, ...back].map(({ amount }) => amount)), '0'),
        ).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('net to zero for a cancellation on the first day of the cycle', () => {
    fc.assert(
      fc.property(lives, ({ term, day, before, price, currency, rounding }) => {
        const cycle = cycleOn(term, day)!;
        const charge = at(price, currency, rounding)(cycleCharge('renew', term, cycle, before));
        const credit = at(price, currency, rounding)(cancellationCredit(term, cycle.from, before));
        expect(compareDecimals(sumOf(charge.amount, credit.amount), '0')).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('equal the rule applied to the exact rational', () => {
    fc.assert(
      fc.property(lives, ({ term, day, before, after, price, currency, rounding }) => {
        const digits = { USD: 2, JPY: 0, KWD: 3 }[currency]!;
        for (const basis of quantityChange(term, day, before, after)) {
          const divisor = BigInt(basis.cycles * basis.cycleDays) * 10n ** BigInt(3 - digits);
          const exact =
            BigInt(price.replace('.', '')) * BigInt(basis.quantity) * BigInt(basis.days);
          const [floor, rest] = [exact / divisor, exact % divisor];
          const isUp =
            rounding === 'half-even' &&
            (2n * rest > divisor || (2n * rest === divisor && floor % 2n === 1n));
          const amount = at(price, currency, rounding)(basis).amount.replace(/[-.]/g, '');
          expect(BigInt(amount)).toBe(isUp ? floor + 1n : floor);
        }
      }),
      { numRuns: 200 },
    );
  });
});
