import { describe, expect, it } from '@jest/globals';
import { sumOf } from '../../shared/money.js';
import type { Result } from '../../shared/result.js';
import {
  type Account,
  accountAfter,
  type AccountEntry,
  creditBalance,
  invoiceState,
} from './account.js';
import { agingOf, balanceOf } from './aging.js';
import { creditInvoices, refund, reversePayment, writeOff } from './corrections.js';
import { useCreditBalance } from './receive-payment.js';
import { accountOf, issued, openAmounts, pay } from './testing/accounts.js';

const accepted = <Refusal extends { readonly code: string }>(
  result: Result<readonly AccountEntry[], Refusal>,
): readonly AccountEntry[] => {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
};
const paid = (
  account: Account,
  ...args: [string, string, { invoiceId: string; amount: string }[]?]
): Account => accountAfter(account, accepted(pay(account, ...args)));
const states = (account: Account) =>
  account.invoices.map((invoice) => invoiceState(invoice, 'JPY'));

const reason = 'test';
const two = accountOf(issued('a', '100', '2026-12-31'), issued('b', '50', '2026-12-01'));

describe('a payment', () => {
  it.each([
    ['49', { a: '100', b: '1' }, '0'],
    ['50', { a: '100', b: '0' }, '0'],
    ['51', { a: '99', b: '0' }, '0'],
    ['150', { a: '0', b: '0' }, '0'],
    ['151', { a: '0', b: '0' }, '1'],
  ])('of %s settles the oldest due date first', (amount, expected, balance) => {
    const after = paid(two, 'p', amount);
    expect(openAmounts(after)).toEqual(expected);
    expect(creditBalance(after)).toBe(balance);
  });

  it('settles the named invoices before that', () => {
    expect(openAmounts(paid(two, 'p', '60', [{ invoiceId: 'a', amount: '30' }]))).toEqual({
      a: '70',
      b: '20',
    });
  });

  it('goes to the older of two invoices, and then to the other', () => {
    // invoiceninja #313: 50 paid 20, then 70 paid 100, gave balances of +30 and −30.
    const first = paid(accountOf(issued('x', '50', '2026-12-01')), 'p1', '20');
    const second = accountAfter(first, [issued('y', '70', '2026-12-15')]);
    const after = accountAfter(second, accepted(pay(second, 'p2', '100')));
    expect(openAmounts(after)).toEqual({ x: '0', y: '0' });
    expect(creditBalance(after)).toBe('0');
  });

  it.each([
    [
      [{ invoiceId: 'b', amount: '51' }],
      { code: 'allocation-exceeds-open', invoiceId: 'b', open: '50' },
    ],
    [
      [
        { invoiceId: 'b', amount: '30' },
        { invoiceId: 'b', amount: '21' },
      ],
      { code: 'allocation-exceeds-open', invoiceId: 'b', open: '20' },
    ],
    [[{ invoiceId: 'c', amount: '1' }], { code: 'allocated-invoice-unknown', invoiceId: 'c' }],
    [[{ invoiceId: 'a', amount: '61' }], { code: 'allocations-exceed-payment' }],
  ])('that names %j is refused', (named, refusal) => {
    expect(pay(two, 'p', '60', named)).toEqual({ ok: false, refusal });
  });

  it('is dated no earlier than the invoice', () => {
    const entries = accepted(pay(two, 'p', '50', undefined, '2026-10-20'));
    expect(entries.map(({ kind, on }) => [kind, on])).toEqual([
      ['payment-received', '2026-10-20'],
      ['allocated', '2026-11-01'],
    ]);
  });
});

describe('credit balance', () => {
  it('goes to the next invoice first, the oldest lot first', () => {
    const rich = paid(paid(accountOf(), 'p1', '30'), 'p2', '30');
    const next = accountAfter(rich, [issued('a', '40', '2027-01-01', '2026-12-01')]);
    const entries = useCreditBalance(next, 'a');
    expect(entries).toMatchObject([
      { kind: 'allocated', source: { paymentId: 'p1' }, amount: '30', on: '2026-12-01' },
      { kind: 'allocated', source: { paymentId: 'p2' }, amount: '10', on: '2026-12-01' },
    ]);
    const after = accountAfter(next, entries);
    expect([openAmounts(after), creditBalance(after), states(after)]).toEqual([
      { a: '0' },
      '20',
      ['paid'],
    ]);
  });

  it.each([
    ['40', true],
    ['41', false],
  ])('of 40 can refund %s: %s', (amount, isPossible) => {
    const rich = paid(paid(accountOf(), 'p1', '10'), 'p2', '30');
    const result = refund(rich, { paymentId: 'p2', on: '2026-12-01', reason, amount });
    expect(result.ok).toBe(isPossible);
    if (result.ok) expect(creditBalance(accountAfter(rich, result.value))).toBe('0');
  });
});

describe('a reversal', () => {
  const after = paid(two, 'p', '160');

  it.each([
    ['10', { a: '0', b: '0' }, '0'],
    ['11', { a: '1', b: '0' }, '0'],
    ['110', { a: '100', b: '0' }, '0'],
    ['111', { a: '100', b: '1' }, '0'],
    [undefined, { a: '100', b: '50' }, '0'],
  ])(
    'of %s takes back the credit balance first, then the latest allocation',
    (amount, expected, balance) => {
      const entries = accepted(
        reversePayment(after, {
          paymentId: 'p',
          on: '2026-12-02',
          reason,
          ...(amount && { amount }),
        }),
      );
      const reversed = accountAfter(after, entries);
      expect(openAmounts(reversed)).toEqual(expected);
      expect(creditBalance(reversed)).toBe(balance);
    },
  );

  it('is at most the rest of the payment, and of no other', () => {
    const other = paid(after, 'q', '70');
    expect(
      reversePayment(other, { paymentId: 'p', on: '2026-12-02', reason, amount: '161' }),
    ).toEqual({
      ok: false,
      refusal: { code: 'reversal-exceeds-payment', most: '160' },
    });
    const reversed = accountAfter(
      other,
      accepted(reversePayment(other, { paymentId: 'p', on: '2026-12-02', reason })),
    );
    expect(creditBalance(reversed)).toBe('70');
    expect(
      reversePayment(reversed, { paymentId: 'p', on: '2026-12-02', reason, amount: '1' }).ok,
    ).toBe(false);
  });

  it('of a payment that settled a later invoice from credit balance opens that invoice first', () => {
    const later = accountAfter(after, [issued('c', '10', '2027-01-31', '2026-12-05')]);
    const settled = accountAfter(later, useCreditBalance(later, 'c'));
    const reversed = accountAfter(
      settled,
      accepted(reversePayment(settled, { paymentId: 'p', on: '2026-12-06', reason, amount: '15' })),
    );
    expect(openAmounts(reversed)).toEqual({ a: '5', b: '0', c: '10' });
  });
});

describe('a credit note', () => {
  const credit = (account: Account, amount: string, invoiceId = 'a', creditNoteId = 'n') =>
    accountAfter(
      account,
      creditInvoices(account, {
        creditNoteId,
        on: '2026-12-03',
        total: amount,
        applications: [{ invoiceId, amount }],
      }),
    );
  const one = accountOf(issued('a', '100', '2026-12-31'));

  it.each([
    // lago-api PR 4805: a credit lowers what is open first, and only the rest is credit balance.
    ['0', '30', '70', '0', 'open'],
    ['0', '100', '0', '0', 'credited'],
    ['80', '30', '0', '10', 'paid'],
    ['80', '20', '0', '0', 'paid'],
    ['80', '19', '1', '0', 'partly-paid'],
    ['100', '30', '0', '30', 'paid'],
  ])(
    'on an invoice of 100 with %s paid, of %s leaves %s open',
    (already, amount, left, balance, state) => {
      const after = credit(already === '0' ? one : paid(one, 'p', already), amount);
      expect([openAmounts(after)['a'], creditBalance(after), states(after)[0]]).toEqual([
        left,
        balance,
        state,
      ]);
    },
  );

  it.each([
    ['30', '0', '0', 'written-off'],
    ['100', '0', '0', 'credited'],
  ])('of %s on a written-off invoice takes back the loss first', (amount, left, balance, state) => {
    const lost = accountAfter(
      one,
      accepted(writeOff(one, { invoiceId: 'a', on: '2026-12-02', reason })),
    );
    const after = credit(lost, amount);
    expect([openAmounts(after)['a'], creditBalance(after), states(after)[0]]).toEqual([
      left,
      balance,
      state,
    ]);
    expect(after.invoices[0]?.writtenOff).toBe(sumOf('100', `-${amount}`));
  });

  it('before a payment that was thought lost leaves all of that payment as credit balance', () => {
    // killbill #1755
    const after = paid(credit(one, '100'), 'p', '100');
    expect([openAmounts(after)['a'], creditBalance(after), states(after)[0]]).toEqual([
      '0',
      '100',
      'credited',
    ]);
  });
});

describe('a write-off', () => {
  it.each([
    [undefined, '0', 'written-off'],
    ['100', '0', 'written-off'],
    ['99', '1', 'open'],
  ])('of %s of an open 100 leaves %s', (amount, left, state) => {
    const result = accepted(
      writeOff(two, { invoiceId: 'a', on: '2026-12-02', reason, ...(amount && { amount }) }),
    );
    const after = accountAfter(two, result);
    expect([openAmounts(after)['a'], states(after)[0]]).toEqual([left, state]);
  });

  it('of more than is open is refused', () => {
    expect(writeOff(two, { invoiceId: 'a', on: '2026-12-02', reason, amount: '101' })).toEqual({
      ok: false,
      refusal: { code: 'write-off-exceeds-open', most: '100' },
    });
  });
});

describe('the state of an invoice', () => {
  it('of zero is paid', () => {
    expect(states(accountOf(issued('a', '0', '2026-12-31')))).toEqual(['paid']);
  });

  it('is partly paid with a part, and open again after the reversal', () => {
    const part = paid(two, 'p', '1', [{ invoiceId: 'a', amount: '1' }]);
    expect(states(part)[0]).toBe('partly-paid');
    const reversed = accountAfter(
      part,
      accepted(reversePayment(part, { paymentId: 'p', on: '2026-12-02', reason })),
    );
    expect(states(reversed)[0]).toBe('open');
  });
});

describe('the aging', () => {
  it.each([
    ['2026-12-01', 'notDue'],
    ['2026-12-02', 'days1To30'],
    ['2026-12-31', 'days1To30'],
    ['2027-01-01', 'days31To60'],
    ['2027-01-30', 'days31To60'],
    ['2027-01-31', 'days61To90'],
    ['2027-03-01', 'days61To90'],
    ['2027-03-02', 'over90'],
  ] as const)('on %s puts the amount due on 2026-12-01 in %s', (asOf, bucket) => {
    const aging = agingOf(balanceOf(accountOf(issued('a', '100', '2026-12-01'))), asOf);
    expect(aging[bucket]).toBe('100');
    expect(
      sumOf(aging.notDue, aging.days1To30, aging.days31To60, aging.days61To90, aging.over90),
    ).toBe('100');
  });

  it('has the open amounts, and credit balance separately', () => {
    // OCA/account-financial-reporting #138: aging ignored partial payments.
    const aging = agingOf(balanceOf(paid(two, 'p', '60')), '2027-01-15');
    expect(aging).toMatchObject({ days1To30: '90', days31To60: '0', creditBalance: '0' });
    expect(agingOf(balanceOf(paid(two, 'p', '160')), '2027-01-15').creditBalance).toBe('10');
  });
});
