import { compareDecimals, negated, totalOf } from '../../shared/money.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import {
  type Account,
  accountAfter,
  type BalanceEntry,
  type CreditSource,
  type NamedAllocation,
  openOf,
  type OpenItem,
} from './account.js';

export interface Payment {
  readonly paymentId: string;
  readonly amount: string;
  readonly receivedOn: string;
  readonly reference: string;
  /** What the payer named; the rest goes to the oldest due date. */
  readonly allocations?: readonly NamedAllocation[];
}

export type AllocationRefusal =
  | { readonly code: 'allocated-invoice-unknown'; readonly invoiceId: string }
  | { readonly code: 'allocation-exceeds-open'; readonly invoiceId: string; readonly open: string }
  | { readonly code: 'allocations-exceed-payment' };

/**
 * A payment settles the invoices that it names, then those that are due first. What is left is
 * credit balance.
 */
export function receivePayment(
  account: Account,
  { paymentId, amount, receivedOn, reference, allocations: named = [] }: Payment,
): Result<readonly BalanceEntry[], AllocationRefusal> {
  const entries: BalanceEntry[] = [
    { kind: 'payment-received', on: receivedOn, paymentId, amount, reference, named },
  ];
  const total = totalOf(
    named.map((allocation) => allocation.amount),
    account.currency,
  );
  if (compareDecimals(total, amount) > 0) return refuse({ code: 'allocations-exceed-payment' });

  for (const { invoiceId, amount: wanted } of named) {
    const now = accountAfter(account, entries);
    const invoice = now.invoices.find((candidate) => candidate.invoiceId === invoiceId);
    if (!invoice) return refuse({ code: 'allocated-invoice-unknown', invoiceId });
    const open = openOf(invoice, account.currency);
    if (compareDecimals(wanted, open) > 0)
      return refuse({ code: 'allocation-exceeds-open', invoiceId, open });
    entries.push(allocated({ paymentId }, invoice, wanted, receivedOn));
  }
  const rest = totalOf([amount, negated(total)], account.currency);
  const settled = settleOldest(accountAfter(account, entries), { paymentId }, rest, receivedOn);
  return accept([...entries, ...settled]);
}

/** Credit balance goes to a new invoice first, the oldest lot first. */
export function useCreditBalance(account: Account, invoiceId: string): readonly BalanceEntry[] {
  const entries: BalanceEntry[] = [];
  for (const { source, amount, on } of account.creditLots) {
    const { invoices, currency } = accountAfter(account, entries);
    const invoice = invoices.find((candidate) => candidate.invoiceId === invoiceId);
    if (!invoice) break;
    const settled = smaller(amount, openOf(invoice, currency));
    if (compareDecimals(settled, '0') > 0) entries.push(allocated(source, invoice, settled, on));
  }
  return entries;
}

function settleOldest(
  account: Account,
  source: CreditSource,
  amount: string,
  on: string,
): readonly BalanceEntry[] {
  const entries: BalanceEntry[] = [];
  let left = amount;
  for (const invoice of account.invoices.toSorted(byDueDate)) {
    const settled = smaller(left, openOf(invoice, account.currency));
    if (compareDecimals(settled, '0') <= 0) continue;
    entries.push(allocated(source, invoice, settled, on));
    left = totalOf([left, negated(settled)], account.currency);
  }
  return entries;
}

/** Dated the later of the payment's day and the invoice's: no invoice is paid before it exists. */
const allocated = (
  source: CreditSource,
  { invoiceId, issuedOn }: OpenItem,
  amount: string,
  on: string,
): BalanceEntry => ({
  kind: 'allocated',
  on: on < issuedOn ? issuedOn : on,
  source,
  invoiceId,
  amount,
});

/** Invoices that are due on one day keep the order of issue. */
const byDueDate = (a: OpenItem, b: OpenItem): number =>
  a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0;

const smaller = (a: string, b: string): string => (compareDecimals(a, b) < 0 ? a : b);
