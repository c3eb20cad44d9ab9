import { describe, expect, it } from '@jest/globals';
import { type Proposed, assumed } from '../../shared/event.js';
import { billingEntityId, partnerId } from '../../shared/ids.js';
import { partnerPayer } from '../parties/billing-profile.js';
import { creditBalance, openOf } from '../receivables/account.js';
import type { AccountEvent, DocumentDraft, RecordedCharge } from './account-events.js';
import {
  billedCharges,
  chargeIdsOf,
  evolvePayerAccount,
  issuedInvoices,
  ledgerOf,
  newPayerAccount,
} from './payer-account.js';

const yen = { entityId: billingEntityId('kansai'), currency: 'JPY' };
const euro = { entityId: billingEntityId('kansai'), currency: 'EUR' };
const standard = { treatment: 'standard', category: 'standard', rate: '0.10' } as const;

const charge = (chargeId: string, amount = '1000'): RecordedCharge => ({
  chargeId,
  type: 'manual',
  half: 'charge',
  reference: chargeId,
  description: 'Setup',
  family: 'manual',
  from: '2026-11-01',
  to: '2026-11-01',
  date: '2026-11-01',
  quantity: 1,
  unitPrice: amount,
  amount,
  taxCategory: 'standard',
});
const recorded = (
  charges: readonly RecordedCharge[],
  ledger: typeof yen = yen,
): Proposed<AccountEvent> => ({
  type: 'ChargesRecorded',
  data: { ...ledger, partnerId: partnerId('kansai-cloud'), charges },
});
const draft: DocumentDraft = {
  ...yen,
  documentId: 'd1',
  kind: 'invoice',
  payer: partnerPayer(partnerId('kansai-cloud')),
  language: 'ja',
  issuer: { name: 'Kansai', address: { lines: ['1'], country: 'JP' } },
  recipient: { name: 'Osaka', address: { lines: ['2'], country: 'JP' } },
  taxes: [{ treatment: 'standard', rate: '0.10', net: '1000', tax: '100' }],
  net: '1000',
  tax: '100',
  total: '1100',
};
const drafted: readonly Proposed<AccountEvent>[] = [
  { type: 'DocumentDrafted', data: { ...draft, lines: 1 } },
  {
    type: 'DocumentLinesDrafted',
    data: {
      ...yen,
      documentId: 'd1',
      lines: [{ ...charge('a'), lineIndex: 0, tax: standard }],
    },
  },
];
const issued: Proposed<AccountEvent> = {
  type: 'InvoiceIssued',
  data: {
    ...yen,
    documentId: 'd1',
    number: 'K-000001',
    issuedOn: '2026-12-01',
    dueOn: '2026-12-31',
    digest: '0',
  },
};
const account = (...events: readonly Proposed<AccountEvent>[]) =>
  events.map((event) => assumed<AccountEvent>(event)).reduce(evolvePayerAccount, newPayerAccount);

describe("a payer's account", () => {
  it('keeps the ledgers of two currencies apart', () => {
    const two = account(recorded([charge('a')]), recorded([charge('b')], euro));
    expect(ledgerOf(two, yen).unbilled.map(({ chargeId }) => chargeId)).toEqual(['a']);
    expect(ledgerOf(two, euro).unbilled.map(({ chargeId }) => chargeId)).toEqual(['b']);
  });

  it('reserves the charges of a draft, and knows every charge that was recorded', () => {
    const reserved = account(recorded([charge('a'), charge('b')]), ...drafted);
    expect(ledgerOf(reserved, yen).unbilled.map(({ chargeId }) => chargeId)).toEqual(['b']);
    expect([...chargeIdsOf(reserved)].sort()).toEqual(['a', 'b']);
    expect(billedCharges(ledgerOf(reserved, yen))).toMatchObject([{ chargeId: 'a' }]);
  });

  it('owes an invoice from its issue on, and not before', () => {
    const before = ledgerOf(account(recorded([charge('a')]), ...drafted), yen);
    expect(before.receivables.invoices).toEqual([]);
    const after = ledgerOf(account(recorded([charge('a')]), ...drafted, issued), yen);
    expect(after.drafts).toEqual([]);
    expect(after.documents).toMatchObject([{ number: 'K-000001', dueOn: '2026-12-31' }]);
    expect(issuedInvoices(after)).toMatchObject([{ invoiceId: 'd1' }]);
    expect(after.receivables.invoices.map((invoice) => openOf(invoice, 'JPY'))).toEqual(['1100']);
  });

  it('has credit balance for what a payment leaves', () => {
    const source = { paymentId: 'p1' };
    const { receivables } = ledgerOf(
      account(
        recorded([charge('a')]),
        ...drafted,
        issued,
        {
          type: 'PaymentReceived',
          data: { ...yen, ...source, amount: '1500', receivedOn: '2026-12-05', reference: 'r' },
        },
        {
          type: 'PaymentAllocated',
          data: { ...yen, source, invoiceId: 'd1', amount: '1100', on: '2026-12-05' },
        },
      ),
      yen,
    );
    expect(creditBalance(receivables)).toBe('400');
    expect(receivables.invoices.map((invoice) => openOf(invoice, 'JPY'))).toEqual(['0']);
  });

  it('does not accept the issue of a document that was not drafted', () => {
    expect(() => account(issued)).toThrow(/without a draft/);
  });

  it('shows the charges of a credit note of a run with their own sign', () => {
    const [header, lines] = drafted;
    const credited = account(
      { ...header, data: { ...draft, kind: 'credit-note', lines: 1 } } as Proposed<AccountEvent>,
      lines!,
    );
    expect(billedCharges(ledgerOf(credited, yen))).toMatchObject([{ amount: '-1000' }]);
  });
});
