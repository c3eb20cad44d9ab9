import { addDays } from '../../shared/calendar.js';
import type { Proposed } from '../../shared/event.js';
import { applyCreditNote } from '../documents/credit-application.js';
import { type FrozenDocument, freezeDocument } from '../documents/frozen-document.js';
import { type Account, accountAfter, type BalanceEntry, openOf } from '../receivables/account.js';
import { creditInvoices } from '../receivables/corrections.js';
import { useCreditBalance } from '../receivables/receive-payment.js';
import type { AccountEvent } from './account-events.js';
import { balanceEventOf } from './balance-events.js';
import { type Draft, type IssuedDocument, issuedInvoices, type Ledger } from './payer-account.js';

/** What the append of the number decides. */
export interface DocumentNumber {
  readonly number: string;
  readonly issuedOn: string;
}

/** For an invoice: the days of payment, which count from its issue. */
const dueOnOf = ({ kind, paymentTermsDays = 0 }: Draft, issuedOn: string): string | undefined =>
  kind === 'invoice' ? addDays(issuedOn, paymentTermsDays) : undefined;

/** An earlier document that a credit note names. */
export type NamedDocument = Pick<IssuedDocument, 'documentId' | 'number' | 'issuedOn'>;

/** The whole document, whose digest is recorded with its number. */
export function frozenDraft(
  { documents }: { readonly documents: readonly NamedDocument[] },
  draft: Draft,
  { number, issuedOn }: DocumentNumber,
): FrozenDocument {
  const dueOn = dueOnOf(draft, issuedOn);
  const corrected = draft.corrects?.flatMap((documentId) => {
    const earlier = documents.find((document) => document.documentId === documentId);
    return earlier ? [{ documentId, number: earlier.number, issuedOn: earlier.issuedOn }] : [];
  });
  return freezeDocument(
    {
      documentId: draft.documentId,
      number,
      entityId: draft.entityId,
      payer: draft.payer,
      issuedOn,
      ...(dueOn !== undefined && { dueOn }),
      language: draft.language,
      issuer: draft.issuer,
      recipient: draft.recipient,
      ...(draft.purchaseOrder !== undefined && { purchaseOrder: draft.purchaseOrder }),
      ...(draft.bankDetails !== undefined && { bankDetails: draft.bankDetails }),
      ...(corrected && { corrects: corrected }),
      ...(draft.reason !== undefined && { reason: draft.reason }),
    },
    {
      kind: draft.kind,
      currency: draft.currency,
      lines: draft.lines,
      taxes: draft.taxes,
      net: draft.net,
      tax: draft.tax,
      total: draft.total,
    },
  );
}

/**
 * The events by which a numbered document enters the account: an invoice uses the credit balance, a
 * credit note lowers the invoices that it corrects.
 */
export function issueEvents(
  ledger: Ledger,
  draft: Draft,
  { number, issuedOn, digest }: DocumentNumber & { readonly digest: string },
): readonly Proposed<AccountEvent>[] {
  const { entityId, currency, documentId, total } = draft;
  const dueOn = dueOnOf(draft, issuedOn) ?? issuedOn;
  const issued = { currency, digest, documentId, entityId, issuedOn, number };
  const entries =
    draft.kind === 'invoice'
      ? balanceUsed(ledger.receivables, documentId, { issuedOn, dueOn, total })
      : creditInvoices(ledger.receivables, {
          creditNoteId: documentId,
          on: issuedOn,
          total,
          applications: applicationsOf(ledger, draft),
        });
  return [
    draft.kind === 'invoice'
      ? { type: 'InvoiceIssued', data: { ...issued, dueOn } }
      : { type: 'CreditNoteIssued', data: issued },
    ...entries.filter(isBalanceEntry).map((entry) => balanceEventOf({ entityId, currency }, entry)),
  ];
}

const balanceUsed = (
  account: Account,
  invoiceId: string,
  {
    issuedOn,
    dueOn,
    total,
  }: { readonly issuedOn: string; readonly dueOn: string; readonly total: string },
) =>
  useCreditBalance(
    accountAfter(account, [{ kind: 'invoice-issued', on: issuedOn, invoiceId, dueOn, total }]),
    invoiceId,
  );

/** A requested credit note lowers its own invoice; that of a run the invoices of its charges. */
function applicationsOf(ledger: Ledger, draft: Draft) {
  if (draft.creditOf !== undefined) return [{ invoiceId: draft.creditOf, amount: draft.total }];
  const { invoices, currency } = ledger.receivables;
  // What a loss has taken is open for a credit note, which takes the loss back first.
  return applyCreditNote(draft, issuedInvoices(ledger), (invoiceId) => {
    const invoice = invoices.find((one) => one.invoiceId === invoiceId);
    return invoice ? openOf({ ...invoice, writtenOff: '0' }, currency) : '0';
  }).applications;
}

const isBalanceEntry = (entry: { readonly kind: string }): entry is BalanceEntry =>
  entry.kind !== 'invoice-issued' && entry.kind !== 'credit-note-issued';
