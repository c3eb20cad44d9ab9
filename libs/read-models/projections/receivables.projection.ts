import type { AccountEvent, LedgerName } from '../../domain/billing/account/account-events.js';
import { accountEntryOf, type BalanceEvent } from '../../domain/billing/account/balance-events.js';
import { asPayer } from '../../domain/billing/parties/billing-profile.js';
import {
  type AccountEntry,
  emptyAccount,
  evolveAccount,
} from '../../domain/billing/receivables/account.js';
import { earningsOf, postingsOf, revenueOf } from '../../domain/billing/receivables/journal.js';
import type { Recorded } from '../../domain/shared/event.js';
import { negated, sumOf } from '../../domain/shared/money.js';
import type { Position } from '../../event-log/event-log.js';
import { type RowUpdate, lookUp, projection, table } from '../projection.js';
import type {
  InvoiceChange,
  JournalRow,
  LedgerRow,
  PaymentRow,
  ReceivableDocumentRow,
} from '../receivables.js';

/** The key: issuer, payer and currency. */
const ledgers = table<LedgerRow>('ledgers', {
  columns: {
    position: { type: 'integer', of: (row) => row.position },
    entityId: { type: 'text', of: (row) => row.entityId },
  },
  indexes: [['position'], ['entityId', 'position']],
});

/** One row for each event that changes a balance, by its position. */
const journal = table<JournalRow>('journal', {
  columns: {
    position: { type: 'integer', of: (row) => row.position },
    on: { type: 'text', of: (row) => row.on },
    entityId: { type: 'text', of: (row) => row.entityId },
    ledger: { type: 'text', of: (row) => row.ledger },
    credit: { type: 'text', of: creditOfRow },
  },
  sequence: 'position',
  indexes: [
    ['entityId', 'position'],
    ['ledger', 'position'],
  ],
});

/** Drafts and documents, with all changes of the open amount of an invoice. */
const documents = table<ReceivableDocumentRow>('documents', {
  columns: {
    position: { type: 'integer', of: (row) => row.position },
    issuedOn: { type: 'text', of: (row) => row.issuedOn },
    entityId: { type: 'text', of: (row) => row.entityId },
    ledger: { type: 'text', of: (row) => row.ledger },
  },
  indexes: [['position'], ['entityId', 'position'], ['ledger', 'position']],
});

const payments = table<PaymentRow>('payments', {
  columns: {
    position: { type: 'integer', of: (row) => row.position },
    entityId: { type: 'text', of: (row) => row.entityId },
    payer: { type: 'text', of: (row) => row.payer },
    receivedOn: { type: 'text', of: (row) => row.receivedOn },
  },
  indexes: [['position'], ['entityId', 'position'], ['payer', 'position']],
});

type At<E> = E & { readonly position: Position };
type EventOf<Type extends AccountEvent['type']> = At<
  Extract<AccountEvent, { readonly type: Type }>
>;

const payerOf = ({ stream }: Recorded) => asPayer(stream.slice('billing-'.length));
const placeOf = (event: At<AccountEvent>) => {
  const { entityId, currency } = event.data;
  const payer = payerOf(event);
  return { entityId, payer, currency, ledger: ledgerKey({ entityId, currency }, payer) };
};
const ledgerKey = ({ entityId, currency }: LedgerName, payer: string): string =>
  `${entityId}|${currency}|${payer}`;

/** Applies any event of a ledger. The first one creates its row. */
function touched(event: At<AccountEvent>): RowUpdate {
  const { ledger, ...place } = placeOf(event);
  return ledgers.change(ledger, (row) => row ?? { ...place, position: event.position });
}

function journalled(
  event: At<AccountEvent>,
  entry: AccountEntry,
  document?: ReceivableDocumentRow,
): RowUpdate {
  const postings = postingsOf(entry, document && earningsOf(document.revenue, document.taxes));
  return journal.put(String(event.position), {
    position: event.position,
    eventId: event.id,
    on: entry.on,
    ...placeOf(event),
    postings,
  });
}

function drafted(event: EventOf<'DocumentDrafted'>) {
  const { documentId, kind, net, tax, total, taxes, creditOf, runId } = event.data;
  return documents.put(documentId, {
    documentId,
    kind,
    ...placeOf(event),
    net,
    tax,
    total,
    taxes,
    revenue: [],
    ...(creditOf !== undefined && { creditOf }),
    ...(runId !== undefined && { runId }),
    changes: [],
  });
}

/** Adds the lines of a part of the draft to its revenue by family. */
const linesDrafted = ({ data: { documentId, lines, currency } }: EventOf<'DocumentLinesDrafted'>) =>
  documents.change(
    documentId,
    (row) => row && { ...row, revenue: revenueOf(lines, currency, row.revenue) },
  );

const issued = (event: EventOf<'InvoiceIssued' | 'CreditNoteIssued'>) =>
  lookUp({ draft: documents.at(event.data.documentId) }, ({ draft }) => {
    if (!draft) throw new Error(`${event.data.documentId} was issued without a draft`);
    const { number, issuedOn } = event.data;
    const dueOn = event.type === 'InvoiceIssued' ? { dueOn: event.data.dueOn } : {};
    const { total, documentId } = draft;
    const entry: AccountEntry =
      event.type === 'InvoiceIssued'
        ? {
            kind: 'invoice-issued',
            on: issuedOn,
            invoiceId: documentId,
            dueOn: event.data.dueOn,
            total,
          }
        : { kind: 'credit-note-issued', on: issuedOn, creditNoteId: documentId, total };
    return [
      touched(event),
      journalled(event, entry, draft),
      documents.put(documentId, { ...draft, number, issuedOn, ...dueOn, position: event.position }),
    ];
  });

/** A payment, an allocation, a correction: everything but the issue of a document. */
function balanced(event: At<BalanceEvent>): readonly RowUpdate[] {
  const entry = accountEntryOf(event);
  const changed = invoiceChangeOf(entry);
  return [
    touched(event),
    journalled(event, entry),
    ...(changed
      ? [
          documents.change(
            changed.invoiceId,
            (row) =>
              row && {
                ...row,
                changes: [
                  ...row.changes,
                  [event.position, entry.on, changed.field, changed.amount] as InvoiceChange,
                ],
              },
          ),
        ]
      : []),
    ...paymentIdsOf(entry).map((paymentId) => paymentChanged(event, paymentId, entry)),
  ];
}

/** A row has the account with the entries of this payment alone. */
function paymentChanged(
  event: At<BalanceEvent>,
  paymentId: string,
  entry: AccountEntry,
): RowUpdate {
  return payments.change(paymentId, (row) => {
    if (row) return { ...row, account: evolveAccount(row.account, entry) };
    if (entry.kind !== 'payment-received') return row;
    const { ledger: _ledger, ...place } = placeOf(event);
    return {
      paymentId,
      ...place,
      receivedOn: entry.on,
      account: evolveAccount(emptyAccount(place.currency), entry),
      position: event.position,
    };
  });
}

function paymentIdsOf(entry: AccountEntry): readonly string[] {
  const stated = 'paymentId' in entry ? [entry.paymentId] : [];
  const source = 'source' in entry && 'paymentId' in entry.source ? [entry.source.paymentId] : [];
  return [...new Set([...stated, ...source])];
}

function invoiceChangeOf(entry: AccountEntry) {
  switch (entry.kind) {
    case 'allocated':
      return { invoiceId: entry.invoiceId, field: 'paid', amount: entry.amount } as const;
    case 'allocation-reversed':
      return { invoiceId: entry.invoiceId, field: 'paid', amount: negated(entry.amount) } as const;
    case 'credited':
      return { invoiceId: entry.invoiceId, field: 'credited', amount: entry.amount } as const;
    case 'written-off':
      return { invoiceId: entry.invoiceId, field: 'writtenOff', amount: entry.amount } as const;
    case 'write-off-reversed':
      return {
        invoiceId: entry.invoiceId,
        field: 'writtenOff',
        amount: negated(entry.amount),
      } as const;
    default:
      return undefined;
  }
}

/** The change of the credit balance, as a column: sums of it need no JSON. */
function creditOfRow({ postings }: JournalRow): string | undefined {
  const credits = postings.filter(({ account }) => account === 'credit-balance');
  return credits.length === 0 ? undefined : negated(sumOf(...credits.map(({ amount }) => amount)));
}

/** What payers owe: documents with their open amounts, payments, and the journal. */
export const receivablesProjection = projection<AccountEvent>('receivables', 1, {
  streams: ['billing'],
  tables: [ledgers, journal, documents, payments],
  on: {
    DocumentDrafted: drafted,
    DocumentLinesDrafted: linesDrafted,
    InvoiceIssued: issued,
    CreditNoteIssued: issued,
    CreditNoteApplied: balanced,
    PaymentReceived: balanced,
    PaymentAllocated: balanced,
    PaymentAllocationReversed: balanced,
    PaymentReversed: balanced,
    RefundPaid: balanced,
    InvoiceWrittenOff: balanced,
    InvoiceWriteOffReversed: balanced,
  },
});
