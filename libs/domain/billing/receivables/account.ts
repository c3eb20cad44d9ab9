import { firstDate } from '../../shared/calendar.js';
import { compareDecimals, negated, totalOf } from '../../shared/money.js';

/** An invoice of an account with all later changes of its balance. Decimals in the currency. */
export interface OpenItem {
  readonly invoiceId: string;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly total: string;
  readonly paid: string;
  readonly credited: string;
  readonly writtenOff: string;
}

/** The source of credit balance: the rest of a payment, or of a credit note. */
export type CreditSource = { readonly paymentId: string } | { readonly creditNoteId: string };

export interface CreditLot {
  readonly source: CreditSource;
  readonly amount: string;
  /** The latest day on which it grew: it cannot be used before. */
  readonly on: string;
}

export interface Allocation {
  readonly source: CreditSource;
  readonly invoiceId: string;
  readonly amount: string;
  readonly on: string;
}

/** An invoice that the payer named for a part of its payment. */
export interface NamedAllocation {
  readonly invoiceId: string;
  readonly amount: string;
}

export interface ReceivedPayment {
  readonly paymentId: string;
  readonly amount: string;
  readonly receivedOn: string;
  readonly reference: string;
  readonly named: readonly NamedAllocation[];
  readonly reversed: string;
  /** Paid back by a refund of this payment, from credit balance of any source. */
  readonly refunded: string;
}

/** What one payer owes one issuer in one currency. */
export interface Account {
  readonly currency: string;
  /** In the order of issue. */
  readonly invoices: readonly OpenItem[];
  /** In the order in which they were made, without the reversed ones. */
  readonly allocations: readonly Allocation[];
  /** The oldest first. */
  readonly creditLots: readonly CreditLot[];
  /** In the order in which they were recorded. */
  readonly payments: readonly ReceivedPayment[];
}

/** One change of an account. Every entry is also a journal entry whose postings sum to zero. */
export type AccountEntry = { readonly on: string } & (
  | {
      readonly kind: 'invoice-issued';
      readonly invoiceId: string;
      readonly dueOn: string;
      readonly total: string;
    }
  | { readonly kind: 'credit-note-issued'; readonly creditNoteId: string; readonly total: string }
  /** A credit note lowers an invoice that it corrects. */
  | {
      readonly kind: 'credited';
      readonly creditNoteId: string;
      readonly invoiceId: string;
      readonly amount: string;
    }
  | {
      readonly kind: 'payment-received';
      readonly paymentId: string;
      readonly amount: string;
      readonly reference: string;
      readonly named: readonly NamedAllocation[];
    }
  /** Money of the payer settles an invoice: a payment, or credit balance from anywhere. */
  | ({ readonly kind: 'allocated' } & Allocation)
  | ({ readonly kind: 'allocation-reversed' } & Allocation)
  | {
      readonly kind: 'payment-reversed';
      readonly paymentId: string;
      readonly amount: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'refunded';
      readonly paymentId: string;
      readonly source: CreditSource;
      readonly amount: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'written-off';
      readonly invoiceId: string;
      readonly amount: string;
      readonly reason: string;
    }
  | { readonly kind: 'write-off-reversed'; readonly invoiceId: string; readonly amount: string }
);

/** The changes that are not the issue of a document. */
export type BalanceEntry = Exclude<
  AccountEntry,
  { readonly kind: 'invoice-issued' | 'credit-note-issued' }
>;

type EntryOf<Kind extends AccountEntry['kind']> = Extract<AccountEntry, { readonly kind: Kind }>;

export const emptyAccount = (currency: string): Account => ({
  currency,
  invoices: [],
  allocations: [],
  creditLots: [],
  payments: [],
});

export const accountAfter = (account: Account, entries: readonly AccountEntry[]): Account =>
  entries.reduce(evolveAccount, account);

export function evolveAccount(account: Account, entry: AccountEntry): Account {
  switch (entry.kind) {
    case 'invoice-issued': {
      const { invoiceId, on, dueOn, total } = entry;
      const zero = totalOf([], account.currency);
      const untouched = { paid: zero, credited: zero, writtenOff: zero };
      const invoice = { invoiceId, issuedOn: on, dueOn, total, ...untouched };
      return { ...account, invoices: [...account.invoices, invoice] };
    }
    case 'credit-note-issued':
      return withCredit(account, { creditNoteId: entry.creditNoteId }, entry.total, entry.on);
    case 'payment-received':
      return withCredit(
        { ...account, payments: [...account.payments, receivedBy(entry, account.currency)] },
        { paymentId: entry.paymentId },
        entry.amount,
        entry.on,
      );
    case 'allocated': {
      const { source, invoiceId, amount, on } = entry;
      const allocations = [...account.allocations, { source, invoiceId, amount, on }];
      const settled = withInvoice({ ...account, allocations }, invoiceId, 'paid', amount);
      return withoutCredit(settled, source, amount);
    }
    case 'credited': {
      const { creditNoteId, invoiceId, amount } = entry;
      const lowered = withInvoice(account, invoiceId, 'credited', amount);
      return withoutCredit(lowered, { creditNoteId }, amount);
    }
    case 'allocation-reversed': {
      const { source, invoiceId, amount, on } = entry;
      const allocations = withoutAllocated(account, entry);
      const raised = withInvoice({ ...account, allocations }, invoiceId, 'paid', negated(amount));
      return withCredit(raised, source, amount, on);
    }
    case 'payment-reversed': {
      const { paymentId, amount } = entry;
      const reversed = withPayment(account, paymentId, 'reversed', amount);
      return withoutCredit(reversed, { paymentId }, amount);
    }
    case 'refunded':
      return withoutCredit(
        withPayment(account, entry.paymentId, 'refunded', entry.amount),
        entry.source,
        entry.amount,
      );
    case 'written-off':
      return withInvoice(account, entry.invoiceId, 'writtenOff', entry.amount);
    case 'write-off-reversed':
      return withInvoice(account, entry.invoiceId, 'writtenOff', negated(entry.amount));
  }
}

export const openOf = ({ total, paid, credited, writtenOff }: OpenItem, currency: string): string =>
  totalOf([total, ...[paid, credited, writtenOff].map(negated)], currency);

export const creditBalance = ({ creditLots, currency }: Account): string =>
  totalOf(
    creditLots.map(({ amount }) => amount),
    currency,
  );

export const creditOf = ({ creditLots, currency }: Account, source: CreditSource): string =>
  totalOf(
    creditLots.filter((lot) => isSameSource(lot.source, source)).map(({ amount }) => amount),
    currency,
  );

export const isSameSource = (a: CreditSource, b: CreditSource): boolean =>
  'paymentId' in a
    ? 'paymentId' in b && a.paymentId === b.paymentId
    : 'creditNoteId' in b && a.creditNoteId === b.creditNoteId;

export type InvoiceState = 'open' | 'partly-paid' | 'paid' | 'credited' | 'written-off';

/** An invoice of zero is paid. A loss that a credit note has taken back entirely is none. */
export function invoiceState(invoice: OpenItem, currency: string): InvoiceState {
  const isZero = (amount: string): boolean => compareDecimals(amount, '0') === 0;
  if (isZero(invoice.total)) return 'paid';
  if (!isZero(openOf(invoice, currency))) return isZero(invoice.paid) ? 'open' : 'partly-paid';
  if (!isZero(invoice.writtenOff)) return 'written-off';
  return isZero(invoice.paid) ? 'credited' : 'paid';
}

function withInvoice(
  account: Account,
  invoiceId: string,
  field: 'paid' | 'credited' | 'writtenOff',
  change: string,
): Account {
  const invoices = account.invoices.map((invoice) =>
    invoice.invoiceId === invoiceId
      ? { ...invoice, [field]: totalOf([invoice[field], change], account.currency) }
      : invoice,
  );
  return { ...account, invoices };
}

function receivedBy(
  { paymentId, amount, on, reference, named }: EntryOf<'payment-received'>,
  currency: string,
): ReceivedPayment {
  const zero = totalOf([], currency);
  return {
    paymentId,
    amount,
    receivedOn: on,
    reference,
    named,
    reversed: zero,
    refunded: zero,
  };
}

const withPayment = (
  account: Account,
  paymentId: string,
  field: 'reversed' | 'refunded',
  change: string,
): Account => ({
  ...account,
  payments: account.payments.map((payment) =>
    payment.paymentId === paymentId
      ? { ...payment, [field]: totalOf([payment[field], change], account.currency) }
      : payment,
  ),
});

/** A lot keeps its place while it has anything left. */
function withCredit(account: Account, source: CreditSource, amount: string, on: string): Account {
  const { currency, creditLots } = account;
  const before = creditLots.find((lot) => isSameSource(lot.source, source));
  const grown: CreditLot = {
    source,
    amount: totalOf([before?.amount ?? '0', amount], currency),
    on: before && before.on > on ? before.on : on,
  };
  const lots = before
    ? creditLots.map((lot) => (lot === before ? grown : lot))
    : [...creditLots, grown];
  return { ...account, creditLots: lots.filter(hasAmount) };
}

/** The lot may be missing from entries that are cut at a day: its use can be dated before it. */
const withoutCredit = (account: Account, source: CreditSource, amount: string): Account =>
  withCredit(account, source, negated(amount), firstDate);

const hasAmount = ({ amount }: { readonly amount: string }): boolean =>
  compareDecimals(amount, '0') !== 0;

/** Takes the amount from the latest allocations of that source and invoice. */
function withoutAllocated(account: Account, taken: Omit<Allocation, 'on'>): readonly Allocation[] {
  let left = taken.amount;
  const kept: Allocation[] = [];
  for (const allocation of account.allocations.toReversed()) {
    const isTaken =
      allocation.invoiceId === taken.invoiceId && isSameSource(allocation.source, taken.source);
    const amount = !isTaken
      ? '0'
      : compareDecimals(left, allocation.amount) < 0
        ? left
        : allocation.amount;
    left = totalOf([left, negated(amount)], account.currency);
    const remaining = totalOf([allocation.amount, negated(amount)], account.currency);
    if (compareDecimals(remaining, '0') > 0) kept.unshift({ ...allocation, amount: remaining });
  }
  return kept;
}
