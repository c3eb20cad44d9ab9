import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Money } from '../shared/money.js';
import { partnerId, tenantId } from '../shared/ids.js';
import type { RevenueStatement } from './revenue.js';
import {
  payRevenue,
  recordRevenue,
  reverseRevenue,
  reviewRevenue,
  sameStatement,
} from './revenue.decide.js';
import { ENTRY, entryOf, facts, ratesOf, statement } from './testing/statements.js';

const usd = (amount: string): Money => ({ amount, currency: 'USD' });
const yen = (amount: string): Money => ({ amount, currency: 'JPY' });
const record = (changes: Partial<RevenueStatement>) =>
  recordRevenue({ ...statement, ...changes }, facts, ENTRY);
const malformed = (path: string, rule: string) => ({
  ok: false,
  refusal: expect.objectContaining({ code: 'malformed', path, rule }),
});

describe('recorded revenue', () => {
  it("has the value at its month's rate, and the stated fields", () => {
    expect(record({ amount: yen('1500000') })).toEqual({
      ok: true,
      value: {
        ...statement,
        revenueId: ENTRY,
        amount: yen('1500000'),
        usdAmount: usd('9750.00'),
        usdPerUnit: '0.0065',
        rateMonth: '2026-11',
      },
    });
  });

  it.each<[Money, string, string]>([
    [usd('100'), '2026-11-15', '100.00'],
    [usd('-100.5'), '2026-11-15', '-100.50'],
    [usd('0'), '2026-11-15', '0.00'],
    [usd('100.00'), '1999-01-01', '100.00'],
    [yen('1000'), '2026-11-01', '6.50'],
    [yen('1000'), '2026-10-31', '7.00'],
    // Half-even: 0.0325 and 0.0195 round by size, 0.065 and 0.195 to the even cent.
    [yen('5'), '2026-11-15', '0.03'],
    [yen('3'), '2026-11-15', '0.02'],
    [yen('10'), '2026-11-15', '0.06'],
    [yen('30'), '2026-11-15', '0.20'],
    [yen('-10'), '2026-11-15', '-0.06'],
    [{ amount: '12.345', currency: 'KWD' }, '2026-11-15', '40.12'],
  ])('%o on %s is worth %s', (amount, recognizedOn, worth) => {
    const recorded = record({ amount, recognizedOn });
    expect(recorded.ok && recorded.value.usdAmount).toEqual(usd(worth));
  });

  it.each<[string, Partial<RevenueStatement>, object]>([
    [
      'an unknown currency',
      { amount: { amount: '1', currency: 'ABC' } },
      malformed('/amount/currency', 'enum'),
    ],
    ['fractions of a yen', { amount: yen('1.5') }, malformed('/amount/amount', 'format')],
    [
      'an amount that is not a number',
      { amount: usd('1e3') },
      malformed('/amount/amount', 'format'),
    ],
    ['16 digits', { amount: usd('1000000000000000') }, malformed('/amount/amount', 'format')],
    [
      'a day that the calendar does not have',
      { recognizedOn: '2026-02-29' },
      malformed('/recognizedOn', 'format'),
    ],
    [
      'a day that has begun nowhere',
      { recognizedOn: '2026-11-24' },
      malformed('/recognizedOn', 'range'),
    ],
    ['a blank source', { source: ' \t' }, malformed('/source', 'format')],
    ['no reference', { reference: '' }, malformed('/reference', 'format')],
    [
      'too large a value in USD',
      { amount: { amount: '999999999999999', currency: 'KWD' } },
      malformed('/amount/amount', 'range'),
    ],
    [
      'a month without rates',
      { amount: yen('1'), recognizedOn: '2026-09-30' },
      { ok: false, refusal: { code: 'exchange-rate-missing', month: '2026-09', currency: 'JPY' } },
    ],
    [
      'a currency without a rate',
      { amount: { amount: '1', currency: 'EUR' } },
      { ok: false, refusal: { code: 'exchange-rate-missing', month: '2026-11', currency: 'EUR' } },
    ],
  ])('is refused with %s', (_what, changes, refused) => {
    expect(record(changes)).toEqual(refused);
  });

  it('may be on a day that has begun somewhere on earth', () => {
    expect(record({ recognizedOn: '2026-11-23' }).ok).toBe(true);
  });

  it('is within half a cent of amount × rate, ties to the even cent', () => {
    const decimal = (digits: bigint, places: number): string => {
      const text = String(digits).padStart(places + 1, '0');
      return `${text.slice(0, -places)}.${text.slice(-places)}`;
    };
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        fc.bigInt({ min: 1n, max: 10n ** 8n }),
        (fils, rate) => {
          const program = { exchangeRates: ratesOf({ '2026-11': { KWD: decimal(rate, 6) } }) };
          const amount = { amount: decimal(fils, 3), currency: 'KWD' };
          const recorded = recordRevenue({ ...statement, amount }, { ...facts, program }, ENTRY);
          if (!recorded.ok) throw new Error('refused');
          const cents = BigInt(recorded.value.usdAmount.amount.replace('.', ''));
          // In millionths of a cent and a tenth: thousandths × millionths.
          const twiceRest = (fils * rate - cents * 10n ** 7n) * 2n;
          expect(twiceRest >= -(10n ** 7n) && twiceRest <= 10n ** 7n).toBe(true);
          if (twiceRest === 10n ** 7n || twiceRest === -(10n ** 7n)) expect(cents % 2n).toBe(0n);
        },
      ),
    );
  });
});

describe('a statement is the same', () => {
  it.each<[string, Partial<RevenueStatement>, boolean]>([
    ['stated again', {}, true],
    ['with its amount written shorter', { amount: usd('100') }, true],
    ['not with another amount', { amount: usd('100.01') }, false],
    ['not in another currency', { amount: { amount: '100.00', currency: 'EUR' } }, false],
    ['not for another partner', { partnerId: partnerId('tokyo-cloud') }, false],
    [
      'not for another customer',
      { tenantId: tenantId('00000000-0000-4000-8000-000000000001') },
      false,
    ],
    ['not on another day', { recognizedOn: '2026-11-14' }, false],
    ['not of another family', { family: 'perpetual-software' }, false],
    ['not under another model', { soldAs: 'direct-bill' }, false],
    ['not from another source', { source: 'reports' }, false],
    ['not with another reference', { reference: '2026-11/2' }, false],
  ])('%s', (_what, changes, same) => {
    expect(sameStatement({ ...statement, ...changes }, entryOf())).toBe(same);
  });
});

describe('a reversal', () => {
  const reverse = (amount: Money | undefined, entry = entryOf()) =>
    reverseRevenue({ ...(amount && { amount }), on: '2026-11-20', reason: 'returned' }, entry);
  const reversed = (amount: Money, usdAmount: Money) => ({
    ok: true,
    value: [
      {
        type: 'RevenueReversed',
        data: { revenueId: ENTRY, amount, usdAmount, on: '2026-11-20', reason: 'returned' },
      },
    ],
  });
  const taken = (...amounts: readonly Money[]) => ({
    reversals: amounts.map((amount) => ({ amount, usdAmount: amount, on: '2026-11-16' })),
  });

  it.each<[string, ReturnType<typeof entryOf>, Money | undefined, Money, Money]>([
    ['of a part', entryOf(), usd('30'), usd('30.00'), usd('30.00')],
    ['of all', entryOf(), usd('100.00'), usd('100.00'), usd('100.00')],
    ['of all, without an amount', entryOf(), undefined, usd('100.00'), usd('100.00')],
    [
      'of the rest, without an amount',
      entryOf({}, taken(usd('30.00'), usd('20.00'))),
      undefined,
      usd('50.00'),
      usd('50.00'),
    ],
    [
      'of exactly the rest',
      entryOf({}, taken(usd('30.00'))),
      usd('70.00'),
      usd('70.00'),
      usd('70.00'),
    ],
    [
      'of a credit',
      entryOf({ amount: usd('-100.00') }),
      usd('-30.00'),
      usd('-30.00'),
      usd('-30.00'),
    ],
    [
      "at the entry's rate",
      entryOf({ amount: yen('1000'), recognizedOn: '2026-10-31' }),
      yen('500'),
      yen('500'),
      usd('3.50'),
    ],
  ])('%s', (_what, entry, amount, part, worth) => {
    expect(reverse(amount, entry)).toEqual(reversed(part, worth));
  });

  it.each<[string, ReturnType<typeof entryOf>, Money | undefined, object]>([
    [
      'more than the entry',
      entryOf(),
      usd('100.01'),
      { code: 'reversal-exceeds-revenue', left: usd('100.00') },
    ],
    [
      'more than is left',
      entryOf({}, taken(usd('30.00'))),
      usd('70.01'),
      { code: 'reversal-exceeds-revenue', left: usd('70.00') },
    ],
    [
      'more than a credit',
      entryOf({ amount: usd('-1.00') }),
      usd('-1.01'),
      { code: 'reversal-exceeds-revenue', left: usd('-1.00') },
    ],
    [
      'of an entry that is reversed already',
      entryOf({}, taken(usd('30.00'), usd('70.00'))),
      undefined,
      { code: 'revenue-already-reversed' },
    ],
    [
      'of a part that is reversed already',
      entryOf({}, taken(usd('100.00'))),
      usd('0.01'),
      { code: 'revenue-already-reversed' },
    ],
    [
      'of an entry without a rest',
      entryOf({ amount: usd('0.00') }),
      undefined,
      { code: 'revenue-already-reversed' },
    ],
    [
      'of zero',
      entryOf(),
      usd('0.00'),
      { code: 'malformed', path: '/amount/amount', rule: 'range', expected: 'same-sign' },
    ],
    [
      'with another sign',
      entryOf(),
      usd('-1.00'),
      { code: 'malformed', path: '/amount/amount', rule: 'range', expected: 'same-sign' },
    ],
    [
      'in another currency',
      entryOf(),
      yen('1'),
      { code: 'malformed', path: '/amount/currency', rule: 'enum', expected: 'USD' },
    ],
    [
      'of fractions of a cent',
      entryOf(),
      usd('0.001'),
      { code: 'malformed', path: '/amount/amount', rule: 'format', expected: 'minor-digits' },
    ],
  ])('is refused: %s', (_what, entry, amount, refusal) => {
    expect(reverse(amount, entry)).toEqual({ ok: false, refusal });
  });

  it('may be dated before the entry and in the future, on an existing day', () => {
    const on = (date: string) => reverseRevenue({ on: date, reason: 'returned' }, entryOf());
    expect([on('2020-01-01').ok, on('2027-01-01').ok]).toEqual([true, true]);
    expect(on('2026-02-30')).toEqual(malformed('/on', 'format'));
  });

  it('needs an entry', () => {
    expect(reverseRevenue({ on: '2026-11-20', reason: 'returned' }, undefined)).toEqual({
      ok: false,
      refusal: { code: 'revenue-unknown' },
    });
  });
});

describe('a review', () => {
  const review = (outcome: 'disallowed' | 'confirmed', on: string, entry = entryOf()) =>
    reviewRevenue({ outcome, on, reason: 'the program says so' }, entry);
  const recorded = (outcome: string, on: string) => ({
    ok: true,
    value: [
      {
        type: 'RevenueReviewed',
        data: { revenueId: ENTRY, outcome, on, reason: 'the program says so' },
      },
    ],
  });
  const reviewed = entryOf(
    {},
    {
      reviews: [
        { outcome: 'confirmed', on: '2026-11-20' },
        { outcome: 'disallowed', on: '2026-11-20' },
      ],
    },
  );

  it.each([
    ['is recorded', 'disallowed', '2026-11-20', entryOf()],
    ['of the same day replaces the one before', 'confirmed', '2026-11-20', reviewed],
    ['of another day is another', 'disallowed', '2026-11-21', reviewed],
    ['may be in the future', 'disallowed', '2027-01-01', entryOf()],
  ] as const)('%s', (_what, outcome, on, entry) => {
    expect(review(outcome, on, entry)).toEqual(recorded(outcome, on));
  });

  it('changes nothing when it repeats the last of its day', () => {
    expect(review('disallowed', '2026-11-20', reviewed)).toEqual({ ok: true, value: [] });
  });

  it('needs an entry, and an existing day', () => {
    expect(
      reviewRevenue({ outcome: 'confirmed', on: '2026-11-20', reason: 'x' }, undefined),
    ).toEqual({
      ok: false,
      refusal: { code: 'revenue-unknown' },
    });
    expect(review('confirmed', '2026-13-01')).toEqual(malformed('/on', 'format'));
  });
});

describe('a payment', () => {
  const pay = (amount: Money, paidOn = '2026-11-20', entry = entryOf()) =>
    payRevenue({ amount, paidOn }, entry, facts);

  it.each([
    ['of a part', usd('30'), entryOf(), usd('30.00'), usd('30.00')],
    ['of more than was billed', usd('500.00'), entryOf(), usd('500.00'), usd('500.00')],
    [
      'of a credit',
      usd('-30.00'),
      entryOf({ amount: usd('-100.00') }),
      usd('-30.00'),
      usd('-30.00'),
    ],
    [
      "at the entry's rate",
      yen('500'),
      entryOf({ amount: yen('1000'), recognizedOn: '2026-10-31' }),
      yen('500'),
      usd('3.50'),
    ],
  ])('%s', (_what, amount, entry, paid, worth) => {
    expect(pay(amount, '2026-11-20', entry)).toEqual({
      ok: true,
      value: [
        {
          type: 'RevenuePaid',
          data: { revenueId: ENTRY, amount: paid, usdAmount: worth, paidOn: '2026-11-20' },
        },
      ],
    });
  });

  it.each<[string, Money, string, object]>([
    ['with another sign', usd('-1.00'), '2026-11-20', malformed('/amount/amount', 'range')],
    ['of zero', usd('0'), '2026-11-20', malformed('/amount/amount', 'range')],
    ['in another currency', yen('1'), '2026-11-20', malformed('/amount/currency', 'enum')],
    ['on a future day', usd('1.00'), '2026-11-24', malformed('/paidOn', 'range')],
    ['on a day that there is not', usd('1.00'), '2026-11-31', malformed('/paidOn', 'format')],
  ])('is refused: %s', (_what, amount, paidOn, refused) => {
    expect(pay(amount, paidOn)).toEqual(refused);
  });

  it('may be as late as the latest today', () => {
    expect(pay(usd('1.00'), '2026-11-23').ok).toBe(true);
  });

  it('is refused when its value is too large', () => {
    const entry = entryOf({ amount: { amount: '1.000', currency: 'KWD' } });
    expect(pay({ amount: '999999999999999.000', currency: 'KWD' }, '2026-11-20', entry)).toEqual(
      malformed('/amount/amount', 'range'),
    );
  });

  it('needs an entry', () => {
    expect(payRevenue({ amount: usd('1.00'), paidOn: '2026-11-20' }, undefined, facts)).toEqual({
      ok: false,
      refusal: { code: 'revenue-unknown' },
    });
  });
});
