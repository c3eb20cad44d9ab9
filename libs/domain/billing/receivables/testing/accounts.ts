import { type Account, accountAfter, type AccountEntry, emptyAccount, openOf } from '../account.js';
import { receivePayment } from '../receive-payment.js';

/** The entry of an invoice in yen. */
export const issued = (
  invoiceId: string,
  total: string,
  dueOn: string,
  on = '2026-11-01',
): AccountEntry => ({ kind: 'invoice-issued', on, invoiceId, dueOn, total });

export const accountOf = (...entries: readonly AccountEntry[]): Account =>
  accountAfter(emptyAccount('JPY'), entries);

export const pay = (
  account: Account,
  paymentId: string,
  amount: string,
  named?: readonly { readonly invoiceId: string; readonly amount: string }[],
  receivedOn = '2026-11-10',
) =>
  receivePayment(account, {
    paymentId,
    amount,
    receivedOn,
    reference: paymentId,
    ...(named && { allocations: named }),
  });

/** What is open on each invoice. */
export const openAmounts = (account: Account): Readonly<Record<string, string>> =>
  Object.fromEntries(
    account.invoices.map((invoice) => [invoice.invoiceId, openOf(invoice, account.currency)]),
  );
