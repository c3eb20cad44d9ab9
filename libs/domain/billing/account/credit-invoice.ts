import type { Proposed } from '../../shared/event.js';
import { type Malformed, malformed } from '../../shared/malformed.js';
import { type Money, moneyFault } from '../../shared/money.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import { creditNoteOf, type CreditRefusal, type CreditRequest } from '../documents/credit-note.js';
import type { TaxRounding } from '../tax/document-tax.js';
import type { AccountEvent } from './account-events.js';
import type { PayerAccount } from './payer-account.js';

/** As it is stated: an amount is a decimal in the invoice's currency, or money. */
export type CreditNoteRequest = { readonly reason: string } & (
  | { readonly all: true }
  | {
      readonly lines: readonly {
        readonly lineIndex: number;
        readonly amount?: string | Money;
      }[];
    }
);

export type CreditNoteRefusal =
  | CreditRefusal
  | Malformed
  | { readonly code: 'invoice-unknown' }
  /** The most lines that one request may credit. */
  | { readonly code: 'credit-note-too-long'; readonly most: number };

/** The lines of a requested credit note fit into one append, whatever is in them. */
export const CREDIT_NOTE_LINES_AT_MOST = 500;
const LINES_AN_EVENT = 125;

/**
 * Drafts a credit note for lines of an issued invoice. Its parties are those of the invoice, and it
 * names the invoice.
 */
export function creditInvoice(
  account: PayerAccount,
  invoiceId: string,
  documentId: string,
  request: CreditNoteRequest,
  rounding: TaxRounding,
): Result<readonly Proposed<AccountEvent>[], CreditNoteRefusal> {
  const ledger = account.ledgers.find(({ documents }) =>
    documents.some((one) => one.documentId === invoiceId),
  );
  const invoice = ledger?.documents.find((one) => one.documentId === invoiceId);
  if (!ledger || invoice?.kind !== 'invoice') return refuse({ code: 'invoice-unknown' });
  const earlier = [...ledger.documents, ...ledger.drafts].filter(
    ({ creditOf }) => creditOf === invoiceId,
  );
  const stated = decimalsOf(request, invoice.currency);
  if (!stated.ok) return stated;
  const content = creditNoteOf(invoice, earlier, stated.value, rounding);
  if (!content.ok) return content;
  const { lines, kind, currency, ...totals } = content.value;
  if (lines.length > CREDIT_NOTE_LINES_AT_MOST)
    return refuse({ code: 'credit-note-too-long', most: CREDIT_NOTE_LINES_AT_MOST });

  const { entityId, payer, language, issuer, recipient, purchaseOrder } = invoice;
  const parts = Array.from({ length: Math.ceil(lines.length / LINES_AN_EVENT) }, (_, part) =>
    lines.slice(part * LINES_AN_EVENT, (part + 1) * LINES_AN_EVENT),
  );
  return accept([
    {
      type: 'DocumentDrafted',
      data: {
        documentId,
        kind,
        entityId,
        currency,
        payer,
        creditOf: invoiceId,
        reason: request.reason,
        language,
        issuer,
        recipient,
        ...(purchaseOrder !== undefined && { purchaseOrder }),
        ...totals,
        corrects: [invoiceId],
        lines: lines.length,
      },
    },
    ...parts.map((part) => ({
      type: 'DocumentLinesDrafted' as const,
      data: { documentId, entityId, currency, lines: part },
    })),
  ]);
}

/** Finer amounts than the currency has, and other currencies, are malformed. */
function decimalsOf(
  request: CreditNoteRequest,
  currency: string,
): Result<CreditRequest, Malformed> {
  if ('all' in request) return accept({ all: true });
  const lines: { readonly lineIndex: number; readonly amount?: string }[] = [];
  for (const [index, { lineIndex, amount }] of request.lines.entries()) {
    if (amount === undefined) {
      lines.push({ lineIndex });
      continue;
    }
    const path = `/lines/${index}/amount`;
    const money = typeof amount === 'string' ? { amount, currency } : amount;
    if (money.currency !== currency)
      return refuse(malformed(`${path}/currency`, { rule: 'enum', expected: currency }));
    const fault = moneyFault(money);
    if (fault) return refuse(malformed(path, { rule: fault.rule, expected: fault.expected }));
    lines.push({ lineIndex, amount: money.amount });
  }
  return accept({ lines });
}
