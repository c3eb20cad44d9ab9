import { describe, expect, it } from '@jest/globals';
import { type Proposed, assumed } from '../../shared/event.js';
import { billingEntityId, paymentId, tenantId } from '../../shared/ids.js';
import type { Money } from '../../shared/money.js';
import type { AccountEvent } from '../account/account-events.js';
import { accountEntryOf, balanceEventOf } from '../account/balance-events.js';
import {
  evolvePayerAccount,
  newPayerAccount,
  type PayerAccount,
} from '../account/payer-account.js';
import { invoiceOf } from '../account/testing/issued-invoice.js';
import { customerPayer } from '../parties/billing-profile.js';
import type { BalanceEntry } from '../receivables/account.js';
import {
  decidePayment,
  decideRefund,
  decideReversal,
  decideWriteOff,
  type PaymentStatement,
} from './payment.decide.js';

const entityId = billingEntityId('e-1');
const payer = customerPayer(tenantId('11111111-2222-4333-8444-555555555555'));
const id = paymentId('p-1');
const yen = (amount: string): Money => ({ amount, currency: 'JPY' });
const euro = (amount: string): Money => ({ amount, currency: 'EUR' });
const today = { latestToday: '2026-12-31' };
const statement: PaymentStatement = {
  entityId,
  payer,
  amount: yen('1500'),
  receivedOn: '2026-12-20',
  reference: 'bank 1',
  allocations: [],
};

const after = (account: PayerAccount, events: readonly Proposed<AccountEvent>[]): PayerAccount =>
  events.map((event) => assumed<AccountEvent>(event)).reduce(evolvePayerAccount, account);
const issued = (documentId: string, currency = 'JPY') =>
  invoiceOf({ entityId, payer, documentId, net: '1000', issuedOn: '2026-12-01', currency });
const open = after(newPayerAccount, [...issued('a'), ...issued('b', 'EUR')]);
const pay = (changes: Partial<PaymentStatement> = {}, account = open) =>
  decidePayment({ ...statement, ...changes }, id, account, today);
function paid(account = open): PayerAccount {
  const decided = pay({}, account);
  if (!decided.ok) throw new Error(decided.refusal.code);
  return after(account, decided.value);
}
const typesOf = (decided: ReturnType<typeof pay>) =>
  decided.ok ? decided.value.map(({ type }) => type) : decided.refusal;

describe('a payment', () => {
  it('is recorded with what it settles', () => {
    expect(typesOf(pay())).toEqual(['PaymentReceived', 'PaymentAllocated']);
  });

  it.each<[string, Partial<PaymentStatement>, unknown]>([
    ['in the same words', {}, []],
    ['with other digits', { amount: yen('1500') }, []],
    ['with another amount', { amount: yen('1501') }, 'payment-reference-reused'],
    ['in another currency', { amount: euro('1500') }, 'payment-reference-reused'],
    ['on another day', { receivedOn: '2026-12-21' }, 'payment-reference-reused'],
    ['with an allocation', { allocations: [{ invoiceId: 'a', amount: yen('1') }] }, 'payment-reference-reused'],
  ])('stated again %s is the same or refused', (_how, changes, expected) => {
    const decided = pay(changes, paid());
    expect(decided.ok ? decided.value : decided.refusal.code).toEqual(expected);
  }); // prettier-ignore

  it.each<[string, Partial<PaymentStatement>, object]>([
    ['more than is open', { allocations: [{ invoiceId: 'a', amount: yen('1101') }] }, { code: 'allocation-exceeds-open', invoiceId: 'a', open: '1100' }],
    ['an invoice in another currency', { allocations: [{ invoiceId: 'b', amount: yen('1') }] }, { code: 'currency-mismatch', currency: 'EUR', invoiceId: 'b' }],
    ['an amount in another currency', { allocations: [{ invoiceId: 'a', amount: euro('1') }] }, { code: 'currency-mismatch', currency: 'JPY', invoiceId: 'a' }],
    ['an invoice of no one', { allocations: [{ invoiceId: 'c', amount: yen('1') }] }, { code: 'allocated-invoice-unknown', invoiceId: 'c' }],
    ['more than it has', { amount: yen('1'), allocations: [{ invoiceId: 'a', amount: yen('2') }] }, { code: 'allocations-exceed-payment' }],
    ['nothing', { amount: yen('0') }, { code: 'malformed', path: '/amount/amount', rule: 'range', expected: 'positive' }],
    ['a day to come', { receivedOn: '2027-01-01' }, { code: 'malformed', path: '/receivedOn', bound: 'max' }],
  ])('that names %s is refused', (_what, changes, refusal) => {
    expect(pay(changes)).toMatchObject({ ok: false, refusal });
  }); // prettier-ignore
});

describe('a correction', () => {
  const stated = { on: '2026-12-24', reason: 'test' };

  it.each([
    ['a reversal', decideReversal, ['PaymentAllocationReversed', 'PaymentReversed']],
    ['a refund', decideRefund, ['RefundPaid']],
  ] as const)(
    '%s is recorded, and changes nothing when nothing is left',
    (_what, decide, types) => {
      const first = decide(stated, id, paid(), today);
      expect(typesOf(first as ReturnType<typeof pay>)).toEqual(types);
      const account = after(paid(), first.ok ? first.value : []);
      expect(decide(stated, id, account, today)).toEqual({ ok: true, value: [] });
      expect(decide({ ...stated, amount: yen('1') }, id, account, today)).toMatchObject({
        refusal: { most: '0' },
      });
    },
  );

  it.each([
    [{ ...stated, on: '2026-12-19' }, { code: 'malformed', path: '/on', bound: 'min', expected: '2026-12-20' }],
    [{ ...stated, on: '2027-01-01' }, { code: 'malformed', path: '/on', bound: 'max' }],
    [{ ...stated, amount: euro('1') }, { code: 'currency-mismatch', currency: 'JPY' }],
  ])('of a payment with %j is refused', (changes, refusal) => {
    expect(decideReversal(changes, id, paid(), today)).toMatchObject({ refusal });
    expect(decideRefund(changes, id, paid(), today)).toMatchObject({ refusal });
  }); // prettier-ignore

  it('of what is unknown is refused', () => {
    expect(decideReversal(stated, paymentId('p-2'), paid(), today)).toMatchObject({
      refusal: { code: 'payment-unknown' },
    });
    expect(decideWriteOff(stated, 'c', paid(), today)).toMatchObject({
      refusal: { code: 'invoice-unknown' },
    });
  });

  it('reopens an invoice on the later day of the reversal and the allocation', () => {
    const early = decidePayment({ ...statement, receivedOn: '2026-11-20' }, id, open, today);
    const account = after(open, early.ok ? early.value : []);
    const reversed = decideReversal({ ...stated, on: '2026-11-25' }, id, account, today);
    expect(reversed.ok && reversed.value.map(({ data }) => 'on' in data && data.on)).toEqual([
      '2026-12-01',
      '2026-11-25',
    ]);
  });
});

describe('every change of a balance', () => {
  it('is the same after it was recorded and read', () => {
    const on = '2026-12-01';
    const source = { paymentId: 'p' };
    const entries: readonly BalanceEntry[] = [
      { kind: 'payment-received', on, paymentId: 'p', amount: '1', reference: 'r', named: [] },
      { kind: 'payment-received', on, paymentId: 'p', amount: '1', reference: 'r', named: [{ invoiceId: 'a', amount: '1' }] },
      { kind: 'allocated', on, source, invoiceId: 'a', amount: '1' },
      { kind: 'allocation-reversed', on, source, invoiceId: 'a', amount: '1' },
      { kind: 'payment-reversed', on, paymentId: 'p', amount: '1', reason: 'x' },
      { kind: 'refunded', on, paymentId: 'p', source, amount: '1', reason: 'x' },
      { kind: 'credited', on, creditNoteId: 'n', invoiceId: 'a', amount: '1' },
      { kind: 'written-off', on, invoiceId: 'a', amount: '1', reason: 'x' },
      { kind: 'write-off-reversed', on, invoiceId: 'a', amount: '1' },
    ]; // prettier-ignore
    for (const entry of entries)
      expect(
        accountEntryOf(assumed(balanceEventOf({ entityId, currency: 'JPY' }, entry))),
      ).toMatchObject(entry);
  });
});
