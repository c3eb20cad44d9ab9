import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '../../shared/calendar.js';
import { compareDecimals, sumOf, totalOf } from '../../shared/money.js';
import type { Result } from '../../shared/result.js';
import { composeDocuments } from '../documents/compose-documents.js';
import type { BillableCharge } from '../documents/document.js';
import { type AccountEntry, creditBalance, openOf } from './account.js';
import { creditInvoices, refund, reversePayment, writeOff } from './corrections.js';
import { earningsOf, postingsOf, revenueOf } from './journal.js';
import { useCreditBalance } from './receive-payment.js';
import { accountOf, issued, openAmounts, pay } from './testing/accounts.js';

describe('the journal', () => {
  it('posts revenue by family and tax by rate', () => {
    const earnings = {
      revenue: [
        { family: 'cloud', net: '90' },
        { family: 'partner-owned', net: '0' },
      ],
      taxes: [{ rate: 'standard 0.1', tax: '10' }],
    } as const;
    expect(postingsOf(issued('a', '100', '2026-12-31'), earnings)).toEqual([
      { account: 'accounts-receivable', amount: '100' },
      { account: 'revenue:cloud', amount: '-90' },
      { account: 'tax:standard 0.1', amount: '-10' },
    ]);
    const note = {
      kind: 'credit-note-issued',
      on: '2026-12-01',
      creditNoteId: 'n',
      total: '100',
    } as const;
    expect(postingsOf(note, earnings)).toEqual([
      { account: 'credit-balance', amount: '-100' },
      { account: 'revenue:cloud', amount: '90' },
      { account: 'tax:standard 0.1', amount: '10' },
    ]);
  });
});

describe('the earnings of a document', () => {
  it('sum to its total', () => {
    const line = (family: 'cloud' | 'manual', amount: string, rate: string): BillableCharge => ({
      chargeId: `${family}-${amount}`,
      type: 'manual',
      description: 'Support',
      family,
      from: '2026-11-01',
      to: '2026-11-01',
      date: '2026-11-01',
      quantity: 1,
      unitPrice: amount,
      amount,
      tax: { treatment: 'standard', category: 'standard', rate },
    });
    const charges = [
      line('cloud', '105', '0.10'),
      line('manual', '33', '0.08'),
      line('cloud', '7', '0.1'),
    ];
    const invoice = composeDocuments(charges, 'JPY', 'truncate').invoice!;
    const earnings = earningsOf(revenueOf(invoice.lines, 'JPY'), invoice.taxes);
    expect(earnings).toEqual({
      revenue: [
        { family: 'cloud', net: '112' },
        { family: 'manual', net: '33' },
      ],
      taxes: [
        { rate: 'standard 0.1', tax: '11' },
        { rate: 'standard 0.08', tax: '2' },
      ],
    });
    const postings = postingsOf(issued('a', invoice.total, '2026-12-31'), earnings);
    expect(sumOf(...postings.map(({ amount }) => amount))).toBe('0');
  });
});

type Action = {
  readonly do: 'invoice' | 'pay' | 'reverse' | 'refund' | 'writeOff' | 'credit';
  readonly n: number;
  readonly yen: number;
};
const actions = fc.array(
  fc.record({
    do: fc.constantFrom<Action['do']>(
      'invoice',
      'invoice',
      'pay',
      'pay',
      'reverse',
      'refund',
      'writeOff',
      'credit',
    ),
    n: fc.nat(5),
    yen: fc.nat(120),
  }),
  { maxLength: 25 },
);

const reason = 'test';

/** Any history of an account; refused actions have no effect. */
function historyOf(list: readonly Action[]): readonly AccountEntry[] {
  const entries: AccountEntry[] = [];
  list.forEach((action, index) => {
    const on = addDays('2026-11-01', index);
    const account = accountOf(...entries);
    const amount = String(action.yen);
    const invoiceId = `i${action.n}`;
    const paymentId = `p${action.n}`;
    const take = (result: Result<readonly AccountEntry[], unknown>): void => {
      if (result.ok) entries.push(...result.value);
    };
    switch (action.do) {
      case 'invoice': {
        const fresh = `i${account.invoices.length}`;
        entries.push(issued(fresh, amount, addDays(on, 30 - action.n), on));
        entries.push(...useCreditBalance(accountOf(...entries), fresh));
        break;
      }
      case 'pay':
        return take(pay(account, `p${index % 6}`, amount, undefined, on));
      case 'reverse':
        return take(
          reversePayment(account, { paymentId, on, reason, ...(action.yen > 60 && { amount }) }),
        );
      case 'refund':
        return take(refund(account, { paymentId, on, amount, reason }));
      case 'writeOff':
        return take(
          writeOff(account, { invoiceId, on, reason, ...(action.yen > 60 && { amount }) }),
        );
      case 'credit':
        entries.push(
          ...creditInvoices(account, {
            creditNoteId: `n${index}`,
            on,
            total: amount,
            applications: [{ invoiceId, amount }],
          }),
        );
    }
  });
  return entries;
}

describe('any history of an account', () => {
  it('has postings that sum to zero, receivables equal to the open items, and nothing below zero', () => {
    fc.assert(
      fc.property(actions, (list) => {
        const entries = historyOf(list);
        const postings = entries.map((entry) => {
          const total = 'total' in entry ? entry.total : '0';
          return postingsOf(entry, { revenue: [{ family: 'cloud', net: total }], taxes: [] });
        });
        for (const ofEntry of postings)
          expect(sumOf(...ofEntry.map(({ amount }) => amount))).toBe('0');

        const account = accountOf(...entries);
        const balanceOf = (name: string): string =>
          totalOf(
            postings
              .flat()
              .filter((posting) => posting.account === name)
              .map(({ amount }) => amount),
            'JPY',
          );
        expect(balanceOf('accounts-receivable')).toBe(
          totalOf(Object.values(openAmounts(account)), 'JPY'),
        );
        expect(sumOf(balanceOf('credit-balance'), creditBalance(account))).toBe('0');

        const never = account.invoices.flatMap((invoice) => [
          openOf(invoice, 'JPY'),
          invoice.paid,
          invoice.credited,
          invoice.writtenOff,
        ]);
        const lots = account.creditLots.map(({ amount }) => amount);
        expect([...never, ...lots].filter((amount) => compareDecimals(amount, '0') < 0)).toEqual(
          [],
        );
      }),
      { numRuns: 120 },
    );
  });
});
