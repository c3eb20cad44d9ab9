import { negated } from '../../shared/money.js';
import type { BillableCharge, DocumentLine, IssuedInvoice } from '../documents/document.js';
import { sourceKey } from '../charges/charge.js';
import {
  type Account,
  type AccountEntry,
  accountAfter,
  emptyAccount,
} from '../receivables/account.js';
import type {
  AccountEvent,
  BlockedCharges,
  DocumentDraft,
  LedgerName,
  RecordedCharge,
} from './account-events.js';
import { accountEntryOf } from './balance-events.js';

/** A document whose number is not known to the account yet. */
export interface Draft extends DocumentDraft {
  readonly lines: readonly DocumentLine[];
  /** The total number of lines: a long document is drafted in several appends. */
  readonly lineCount: number;
}

export interface IssuedDocument extends Draft {
  readonly number: string;
  readonly issuedOn: string;
  /** For invoices only. */
  readonly dueOn?: string;
  readonly digest: string;
}

/** What a payer has with one issuer in one currency. */
export interface Ledger extends LedgerName {
  /** Recorded and on no draft or document, in the order of recording. */
  readonly unbilled: readonly RecordedCharge[];
  /** Charges that are due and not recorded, because their price is not published. */
  readonly blocked: readonly BlockedCharges[];
  readonly drafts: readonly Draft[];
  /** In the order of issue. */
  readonly documents: readonly IssuedDocument[];
  readonly receivables: Account;
}

/** The state of the stream `billing-<payer>`, in the order in which its ledgers began. */
export interface PayerAccount {
  readonly ledgers: readonly Ledger[];
}

export const newPayerAccount: PayerAccount = { ledgers: [] };

/** The ledger of an issuer and a currency; an empty one if nothing has happened in it. */
export const ledgerOf = ({ ledgers }: PayerAccount, { entityId, currency }: LedgerName): Ledger =>
  ledgers.find((ledger) => ledger.entityId === entityId && ledger.currency === currency) ?? {
    entityId,
    currency,
    unbilled: [],
    blocked: [],
    drafts: [],
    documents: [],
    receivables: emptyAccount(currency),
  };

export function evolvePayerAccount(account: PayerAccount, event: AccountEvent): PayerAccount {
  const before = ledgerOf(account, event.data);
  const after = evolveLedger(before, event);
  return {
    ledgers: account.ledgers.includes(before)
      ? account.ledgers.map((ledger) => (ledger === before ? after : ledger))
      : [...account.ledgers, after],
  };
}

function evolveLedger(ledger: Ledger, event: AccountEvent): Ledger {
  switch (event.type) {
    case 'ChargesRecorded':
      return { ...ledger, unbilled: [...ledger.unbilled, ...event.data.charges] };
    case 'ChargesBlocked': {
      const { source, tenantId, from, market, offerId } = event.data;
      const blocked: BlockedCharges = {
        source,
        tenantId,
        from,
        ...(market !== undefined && { market }),
        offerId,
      };
      return { ...ledger, blocked: [...ledger.blocked, blocked] };
    }
    case 'ChargesUnblocked':
      return {
        ...ledger,
        blocked: ledger.blocked.filter((blocked) => !isSameTerm(blocked, event.data)),
      };
    case 'DocumentDrafted':
      return {
        ...ledger,
        drafts: [...ledger.drafts, { ...event.data, lineCount: event.data.lines, lines: [] }],
      };
    case 'DocumentLinesDrafted':
      return withDraftedLines(ledger, event.data.documentId, event.data.lines);
    case 'InvoiceIssued':
    case 'CreditNoteIssued':
      return withIssued(ledger, event);
    default:
      return withEntries(ledger, [accountEntryOf(event)]);
  }
}

/** Whether two entries are about the same term, or one-time purchase. */
export const isSameTerm = (
  a: Pick<BlockedCharges, 'source' | 'from'>,
  b: Pick<BlockedCharges, 'source' | 'from'>,
): boolean => a.from === b.from && sourceKey(a.source) === sourceKey(b.source);

const withEntries = (ledger: Ledger, entries: readonly AccountEntry[]): Ledger => ({
  ...ledger,
  receivables: accountAfter(ledger.receivables, entries),
});

/** The charges on a draft are reserved: no other document can have them. */
function withDraftedLines(
  ledger: Ledger,
  documentId: string,
  lines: readonly DocumentLine[],
): Ledger {
  const drafted = new Set(lines.map(({ chargeId }) => chargeId));
  return {
    ...ledger,
    unbilled: ledger.unbilled.filter(({ chargeId }) => !drafted.has(chargeId)),
    drafts: ledger.drafts.map((draft) =>
      draft.documentId === documentId ? { ...draft, lines: [...draft.lines, ...lines] } : draft,
    ),
  };
}

function withIssued(
  ledger: Ledger,
  { type, data }: Extract<AccountEvent, { readonly type: 'InvoiceIssued' | 'CreditNoteIssued' }>,
): Ledger {
  const { documentId, number, issuedOn, digest } = data;
  const draft = ledger.drafts.find((one) => one.documentId === documentId);
  if (!draft) throw new Error(`${documentId} was issued without a draft`);
  const dueOn = type === 'InvoiceIssued' ? { dueOn: data.dueOn } : {};
  const { total } = draft;
  const entry: AccountEntry =
    type === 'InvoiceIssued'
      ? { kind: 'invoice-issued', on: issuedOn, invoiceId: documentId, dueOn: data.dueOn, total }
      : { kind: 'credit-note-issued', on: issuedOn, creditNoteId: documentId, total };
  return withEntries(
    {
      ...ledger,
      drafts: ledger.drafts.filter((one) => one !== draft),
      documents: [...ledger.documents, { ...draft, number, issuedOn, ...dueOn, digest }],
    },
    [entry],
  );
}

/** Every charge of the account, recorded at any time: a charge is recorded once. */
export function* chargeIdsOf({ ledgers }: PayerAccount): Generator<string> {
  for (const { unbilled, drafts, documents } of ledgers) {
    for (const { chargeId } of unbilled) yield chargeId;
    for (const { lines } of [...drafts, ...documents])
      for (const { chargeId } of lines) yield chargeId;
  }
}

/**
 * The charges on drafts and documents with their own sign. Lines of a requested credit note are not
 * charges: they repeat lines of an invoice.
 */
export const billedCharges = ({ drafts, documents }: Ledger): readonly BillableCharge[] =>
  [...documents, ...drafts]
    .filter(({ creditOf }) => creditOf === undefined)
    .flatMap(({ kind, lines }) =>
      kind === 'invoice' ? lines : lines.map((line) => ({ ...line, amount: negated(line.amount) })),
    );

/** In the order of issue. */
export const issuedInvoices = ({ documents }: Ledger): readonly IssuedInvoice[] =>
  documents
    .filter(({ kind }) => kind === 'invoice')
    .map(({ documentId, lines }) => ({ invoiceId: documentId, lines }));

/** Only a draft with all of its lines can be issued. */
export const isWholeDraft = ({ lines, lineCount }: Draft): boolean => lines.length === lineCount;
