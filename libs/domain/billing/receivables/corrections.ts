import { compareDecimals, negated, totalOf } from '../../shared/money.js';
import { earliest, type Malformed, malformed } from '../../shared/malformed.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import {
  type Account,
  type AccountEntry,
  type BalanceEntry,
  creditBalance,
  creditOf,
  isSameSource,
  openOf,
} from './account.js';

type Corrected<Refusal> = Result<readonly BalanceEntry[], Refusal>;

/** Without an amount: all that can be corrected. */
export interface Correction {
  readonly on: string;
  readonly amount?: string;
  readonly reason: string;
}

export interface ExceedsRefusal {
  readonly code:
    'reversal-exceeds-payment' | 'refund-exceeds-credit-balance' | 'write-off-exceeds-open';
  readonly most: string;
}

/**
 * Reverses a payment that bounced: first its remaining credit balance, then its allocations, the
 * latest first. Without an amount the whole payment.
 */
export function reversePayment(
  account: Account,
  { paymentId, on, amount, reason }: Correction & { readonly paymentId: string },
): Corrected<ExceedsRefusal> {
  const { currency } = account;
  const source = { paymentId };
  const balance = creditOf(account, source);
  const allocations = account.allocations.filter((one) => isSameSource(one.source, source));
  const most = totalOf([balance, ...allocations.map((one) => one.amount)], currency);
  const reversed = amount ?? most;
  if (compareDecimals(reversed, most) > 0)
    return refuse({ code: 'reversal-exceeds-payment', most });
  if (compareDecimals(reversed, '0') === 0) return accept([]);

  const entries: BalanceEntry[] = [];
  let left = totalOf([reversed, negated(balance)], currency);
  for (const { invoiceId, amount: allocated, on: allocatedOn } of allocations.toReversed()) {
    if (compareDecimals(left, '0') <= 0) break;
    const taken = compareDecimals(left, allocated) < 0 ? left : allocated;
    entries.push({
      kind: 'allocation-reversed',
      on: later(on, allocatedOn),
      source,
      invoiceId,
      amount: taken,
    });
    left = totalOf([left, negated(taken)], currency);
  }
  return accept([
    ...entries,
    { kind: 'payment-reversed', on, paymentId, amount: reversed, reason },
  ]);
}

/**
 * Money paid back from the credit balance: what is left of the named payment first. Without an
 * amount the whole credit balance.
 */
export function refund(
  account: Account,
  { paymentId, on, amount, reason }: Correction & { readonly paymentId: string },
): Corrected<ExceedsRefusal | Malformed> {
  const most = creditBalance(account);
  const refunded = amount ?? most;
  if (compareDecimals(refunded, most) > 0)
    return refuse({ code: 'refund-exceeds-credit-balance', most });

  const own = account.creditLots.filter((lot) => isSameSource(lot.source, { paymentId }));
  const others = account.creditLots.filter((lot) => !own.includes(lot));
  const entries: BalanceEntry[] = [];
  let left = refunded;
  for (const lot of [...own, ...others]) {
    if (compareDecimals(left, '0') <= 0) break;
    if (on < lot.on) return refuse(malformed('/on', earliest(lot.on)));
    const taken = compareDecimals(left, lot.amount) < 0 ? left : lot.amount;
    entries.push({ kind: 'refunded', on, paymentId, source: lot.source, amount: taken, reason });
    left = totalOf([left, negated(taken)], account.currency);
  }
  return accept(entries);
}

/** A loss, at most what is open; without an amount all of that. */
export function writeOff(
  account: Account,
  { invoiceId, on, amount, reason }: Correction & { readonly invoiceId: string },
): Corrected<ExceedsRefusal | { readonly code: 'invoice-unknown' }> {
  const invoice = account.invoices.find((candidate) => candidate.invoiceId === invoiceId);
  if (!invoice) return refuse({ code: 'invoice-unknown' });
  const most = openOf(invoice, account.currency);
  const lost = amount ?? most;
  if (compareDecimals(lost, most) > 0) return refuse({ code: 'write-off-exceeds-open', most });
  return accept(
    compareDecimals(lost, '0') === 0
      ? []
      : [{ kind: 'written-off', on, invoiceId, amount: lost, reason }],
  );
}

/**
 * Applies a credit note to its invoices. It reverses a loss first and lowers the open amount, never
 * below zero; payments beyond that stay as credit balance.
 */
export function creditInvoices(
  account: Account,
  {
    creditNoteId,
    on,
    total,
    applications,
  }: {
    readonly creditNoteId: string;
    readonly on: string;
    readonly total: string;
    readonly applications: readonly { readonly invoiceId: string; readonly amount: string }[];
  },
): readonly AccountEntry[] {
  const lowering = applications.flatMap(({ invoiceId, amount }): readonly AccountEntry[] => {
    const invoice = account.invoices.find((candidate) => candidate.invoiceId === invoiceId);
    if (!invoice) return [];
    const recovered = smaller(amount, invoice.writtenOff);
    const open = totalOf([openOf(invoice, account.currency), recovered], account.currency);
    const lowered = smaller(amount, open);
    return [
      ...entryOf({ kind: 'write-off-reversed', on, invoiceId, amount: recovered }),
      ...entryOf({ kind: 'credited', on, creditNoteId, invoiceId, amount: lowered }),
    ];
  });
  return [...entryOf({ kind: 'credit-note-issued', on, creditNoteId, total }, total), ...lowering];
}

const entryOf = (
  entry: AccountEntry,
  amount = 'amount' in entry ? entry.amount : '0',
): readonly AccountEntry[] => (compareDecimals(amount, '0') === 0 ? [] : [entry]);

const later = (a: string, b: string): string => (a < b ? b : a);
const smaller = (a: string, b: string): string => (compareDecimals(a, b) < 0 ? a : b);
