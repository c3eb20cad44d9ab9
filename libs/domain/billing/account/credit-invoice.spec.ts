import { describe, expect, it } from '@jest/globals';
import { assumed } from '../../shared/event.js';
import { billingEntityId, partnerId } from '../../shared/ids.js';
import { partnerPayer } from '../parties/billing-profile.js';
import type { AccountEvent } from './account-events.js';
import { creditInvoice, type CreditNoteRequest } from './credit-invoice.js';
import { issueEvents } from './issue-document.js';
import { evolvePayerAccount, newPayerAccount, type PayerAccount } from './payer-account.js';
import { invoiceOf } from './testing/issued-invoice.js';

const payer = partnerPayer(partnerId('p'));
const after = (account: PayerAccount, events: readonly { type: string; data: object }[]) =>
  events.map((event) => assumed<AccountEvent>(event as never)).reduce(evolvePayerAccount, account);
const issued = after(
  newPayerAccount,
  invoiceOf({
    entityId: billingEntityId('e'),
    payer,
    documentId: 'invoice',
    net: '1000',
    issuedOn: '2026-11-01',
  }),
);
const credit = (account: PayerAccount, request: CreditNoteRequest, id = 'note') =>
  creditInvoice(account, 'invoice', id, request, 'truncate');

describe('a credit note on request', () => {
  it.each([
    ['400', '400'],
    [{ amount: '400', currency: 'JPY' }, '400'],
    [undefined, '1000'],
  ])('for %j of a line credits %s', (amount, net) => {
    const lines = [{ lineIndex: 0, ...(amount !== undefined && { amount }) }];
    expect(credit(issued, { lines, reason: 'r' })).toMatchObject({
      ok: true,
      value: [
        { type: 'DocumentDrafted', data: { net, creditOf: 'invoice', corrects: ['invoice'] } },
        { type: 'DocumentLinesDrafted', data: { lines: [{ amount: net, creditedLineIndex: 0 }] } },
      ],
    });
  });

  it.each([
    ['0.5', { code: 'malformed', path: '/lines/0/amount' }],
    [
      { amount: '1', currency: 'EUR' },
      { code: 'malformed', path: '/lines/0/amount/currency' },
    ],
    ['1000.01', { code: 'malformed' }],
    ['1001', { code: 'credit-exceeds-line', left: '1000' }],
    ['-1', { code: 'credit-exceeds-line' }],
  ])('for %j is refused', (amount, refusal) => {
    const lines = [{ lineIndex: 0, amount }];
    expect(credit(issued, { lines, reason: 'r' })).toMatchObject({ ok: false, refusal });
  });

  it('leaves the rest to later ones, a draft included', () => {
    const first = credit(issued, { lines: [{ lineIndex: 0, amount: '400' }], reason: 'r' });
    const drafted = after(issued, first.ok ? first.value : []);
    expect(credit(drafted, { lines: [{ lineIndex: 0, amount: '601' }], reason: 'r' }, 'b')).toEqual({
      ok: false,
      refusal: { code: 'credit-exceeds-line', lineIndex: 0, left: '600' },
    });
  }); // prettier-ignore

  it('lowers what is open, and the paid excess becomes credit balance', () => {
    const ledger = { entityId: 'e', currency: 'JPY' };
    const paid = after(issued, [
      {
        type: 'PaymentReceived',
        data: { ...ledger, paymentId: 'p', amount: '900', receivedOn: '2026-11-02', reference: 'r' },
      },
      {
        type: 'PaymentAllocated',
        data: { ...ledger, source: { paymentId: 'p' }, invoiceId: 'invoice', amount: '900', on: '2026-11-02' },
      },
    ]);
    const note = credit(paid, { all: true, reason: 'r' });
    const drafted = after(paid, note.ok ? note.value : []);
    const [draft] = drafted.ledgers[0]!.drafts;
    const events = issueEvents(drafted.ledgers[0]!, draft!, {
      number: 'CN-1',
      issuedOn: '2026-11-03',
      digest: '0',
    });
    expect(events).toMatchObject([
      { type: 'CreditNoteIssued' },
      { type: 'CreditNoteApplied', data: { invoiceId: 'invoice', amount: '200' } },
    ]);
    expect(after(drafted, events).ledgers[0]!.receivables).toMatchObject({
      invoices: [{ paid: '900', credited: '200' }],
      creditLots: [{ source: { creditNoteId: 'note' }, amount: '900' }],
    });
  }); // prettier-ignore

  it('does not credit a document that is no invoice', () => {
    expect(creditInvoice(issued, 'other', 'n', { all: true, reason: 'r' }, 'truncate')).toEqual({
      ok: false,
      refusal: { code: 'invoice-unknown' },
    });
  });
});
