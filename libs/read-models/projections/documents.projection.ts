import type { AccountEvent, LedgerName } from '../../domain/billing/account/account-events.js';
import { invoiceState, openOf } from '../../domain/billing/receivables/account.js';
import { totalOf } from '../../domain/shared/money.js';
import type { DocumentLinesRow, DocumentRow, LedgerRow } from '../billing-rows.js';
import { lookUp, projection, table } from '../projection.js';

const ledgers = table<LedgerRow>('billing_ledgers', {
  columns: {
    payer: { type: 'text', of: (row) => row.payer },
    entityId: { type: 'text', of: (row) => row.entityId },
    unbilled: { type: 'integer', of: (row) => row.recorded - row.drafted },
    blocked: { type: 'integer', of: (row) => row.blocked },
    openDrafts: { type: 'integer', of: (row) => row.openDrafts },
    draftedAt: { type: 'integer', of: (row) => row.draftedAt },
  },
  indexes: [['payer']],
});

const documents = table<DocumentRow>('documents', {
  columns: {
    position: { type: 'integer', of: (row) => row.position ?? null },
    payer: { type: 'text', of: (row) => row.payer },
    entityId: { type: 'text', of: (row) => row.entityId },
    partnerId: { type: 'text', of: (row) => row.partnerId ?? null },
    kind: { type: 'text', of: (row) => row.kind },
    state: { type: 'text', of: (row) => row.state },
    issuedOn: { type: 'text', of: (row) => row.issuedOn ?? null },
    runId: { type: 'text', of: (row) => row.runId ?? null },
  },
  indexes: [['position'], ['payer', 'position'], ['entityId', 'position'], ['runId', 'position']],
});

const documentLines = table<DocumentLinesRow>('document_lines', {
  columns: {
    documentId: { type: 'text', of: (row) => row.documentId },
    firstLine: { type: 'integer', of: (row) => row.lines[0]?.lineIndex ?? 0 },
  },
  indexes: [['documentId', 'firstLine']],
});

type At = { readonly stream: string; readonly revision: number };
type Issued = Extract<AccountEvent, { readonly type: 'InvoiceIssued' | 'CreditNoteIssued' }>;

const payerOf = ({ stream }: At) => stream.slice('billing-'.length) as LedgerRow['payer'];
const ledgerKey = (at: At, { entityId, currency }: LedgerName): string =>
  `${payerOf(at)} ${entityId} ${currency}`;

const ledgerChange = (
  at: At,
  { entityId, currency }: LedgerName,
  to: (row: LedgerRow) => LedgerRow,
) =>
  ledgers.change(ledgerKey(at, { entityId, currency }), (row) =>
    to(
      row ?? {
        payer: payerOf(at),
        entityId,
        currency,
        recorded: 0,
        drafted: 0,
        blocked: 0,
        openDrafts: 0,
        draftedAt: -1,
      },
    ),
  );

type Balance = 'paid' | 'credited' | 'writtenOff';

/** Changes what is open of an invoice; the signs are those of the balance. */
const balanceChange = (
  { revision }: At,
  { invoiceId, amount }: { readonly invoiceId: string; readonly amount: string },
  field: Balance,
  sign: '+' | '-' = '+',
) =>
  documents.change(
    invoiceId,
    (row) =>
      row &&
      withState({
        ...row,
        [field]: totalOf([row[field], sign === '+' ? amount : `-${amount}`], row.currency),
        revision,
      }),
  );

/** A credit note settles others and is never open itself: with nothing open and paid, credited. */
function withState(row: DocumentRow): DocumentRow {
  if (row.position === undefined) return row;
  if (row.kind === 'credit-note')
    return { ...row, open: totalOf([], row.currency), state: 'credited' };
  const item = { invoiceId: row.documentId, issuedOn: '', dueOn: '', ...row };
  return { ...row, open: openOf(item, row.currency), state: invoiceState(item, row.currency) };
}

const issued = (event: Issued & { readonly position: number }) => {
  const { data, position, revision } = event;
  const { number, issuedOn, digest } = data;
  return [
    documents.change(
      data.documentId,
      (row) =>
        row &&
        withState({
          ...row,
          number,
          issuedOn,
          ...('dueOn' in data && { dueOn: data.dueOn }),
          digest,
          position,
          revision,
        }),
    ),
    ledgerChange(event, data, (row) => ({ ...row, openDrafts: row.openDrafts - 1 })),
  ];
};

/** Documents with their open amounts, and the items of every account that are on no document. */
export const documentsProjection = projection<AccountEvent>('invoices', 1, {
  streams: ['billing'],
  tables: [ledgers, documents, documentLines],
  on: {
    ChargesRecorded: (event) =>
      ledgerChange(event, event.data, (row) => ({
        ...row,
        partnerId: event.data.partnerId,
        recorded: row.recorded + event.data.charges.length,
      })),
    ChargesBlocked: (event) =>
      ledgerChange(event, event.data, (row) => ({
        ...row,
        partnerId: event.data.partnerId,
        blocked: row.blocked + 1,
      })),
    ChargesUnblocked: (event) =>
      ledgerChange(event, event.data, (row) => ({ ...row, blocked: row.blocked - 1 })),
    DocumentDrafted: (event) => {
      const { data, position, revision } = event;
      const { lines: lineCount, ...draft } = data;
      return lookUp({ ledger: ledgers.at(ledgerKey(event, data)) }, ({ ledger }) => {
        const zero = totalOf([], data.currency);
        const balance = { paid: zero, credited: zero, writtenOff: zero, open: zero };
        const issuer = ledger?.partnerId === undefined ? {} : { partnerId: ledger.partnerId };
        return [
          documents.put(data.documentId, {
            ...draft,
            ...issuer,
            lineCount,
            ...balance,
            state: 'draft',
            revision,
          }),
          ledgerChange(event, data, (row) => ({
            ...row,
            // The lines of a requested credit note are not charges.
            drafted: row.drafted + (data.creditOf === undefined ? lineCount : 0),
            openDrafts: row.openDrafts + 1,
            draftedAt: position,
          })),
        ];
      });
    },
    DocumentLinesDrafted: ({ data: { documentId, lines } }) =>
      documentLines.put(`${documentId} ${lines[0]?.lineIndex ?? 0}`, { documentId, lines }),
    InvoiceIssued: issued,
    CreditNoteIssued: issued,
    CreditNoteApplied: (event) => balanceChange(event, event.data, 'credited'),
    PaymentAllocated: (event) => balanceChange(event, event.data, 'paid'),
    PaymentAllocationReversed: (event) => balanceChange(event, event.data, 'paid', '-'),
    InvoiceWrittenOff: (event) => balanceChange(event, event.data, 'writtenOff'),
    InvoiceWriteOffReversed: (event) => balanceChange(event, event.data, 'writtenOff', '-'),
  },
});
