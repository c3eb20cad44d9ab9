import type { Proposed } from '../../shared/event.js';
import type { BillingEntityId, PaymentId } from '../../shared/ids.js';
import {
  earliest,
  latest,
  type Malformed,
  malformed,
  moneyMalformed,
} from '../../shared/malformed.js';
import { compareDecimals, type Money, moneyFault, roundMoney } from '../../shared/money.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import type { LedgerName } from '../account/account-events.js';
import { type BalanceEvent, balanceEventOf } from '../account/balance-events.js';
import { type Ledger, ledgerOf, type PayerAccount } from '../account/payer-account.js';
import type { Payer } from '../parties/billing-profile.js';
import type { BalanceEntry, NamedAllocation, ReceivedPayment } from '../receivables/account.js';
import {
  type Correction,
  type ExceedsRefusal,
  refund,
  reversePayment,
  writeOff,
} from '../receivables/corrections.js';
import type { PaymentReferenceReused } from './payment-id.js';
import { type AllocationRefusal, receivePayment } from '../receivables/receive-payment.js';

/** A payment as the client states it. */
export interface PaymentStatement {
  readonly entityId: BillingEntityId;
  readonly payer: Payer;
  readonly amount: Money;
  readonly receivedOn: string;
  readonly reference: string;
  readonly allocations: readonly { readonly invoiceId: string; readonly amount: Money }[];
}

/** A correction of a payment or an invoice as the client states it. */
export interface CorrectionStatement {
  readonly on: string;
  readonly amount?: Money;
  readonly reason: string;
}

/** `currency` is the one that is needed: that of the payment, or of the invoice. */
export interface CurrencyMismatch {
  readonly code: 'currency-mismatch';
  readonly currency: string;
  readonly invoiceId?: string;
}

export type PaymentRefusal =
  AllocationRefusal | CurrencyMismatch | Malformed | PaymentReferenceReused;
export type CorrectionRefusal =
  | CurrencyMismatch
  | ExceedsRefusal
  | Malformed
  | { readonly code: 'payment-unknown' }
  | { readonly code: 'invoice-unknown' };

type Decided<Refusal> = Result<readonly Proposed<BalanceEvent>[], Refusal>;
interface Today {
  /** The latest date on earth. */
  readonly latestToday: string;
}

/** Receives a payment. Stated again with the same content it changes nothing. */
export function decidePayment(
  stated: PaymentStatement,
  paymentId: PaymentId,
  account: PayerAccount,
  { latestToday }: Today,
): Decided<PaymentRefusal> {
  const fault =
    amountFault('/amount', stated.amount) ??
    stated.allocations
      .map(({ amount }, index) => amountFault(`/allocations/${index}/amount`, amount))
      .find((one) => one !== undefined) ??
    dateFault('/receivedOn', stated.receivedOn, latestToday);
  if (fault) return refuse(fault);

  const { currency } = stated.amount;
  const amount = formatted(stated.amount);
  const allocations = stated.allocations.map((named) => ({
    invoiceId: named.invoiceId,
    amount: formatted(named.amount),
  }));
  const { receivedOn, reference } = stated;
  const payment = { paymentId, amount, receivedOn, reference, allocations };
  const before = findPayment(account, paymentId);
  if (before)
    return before.ledger.currency === currency && isSame(before.payment, payment)
      ? accept([])
      : refuse({ code: 'payment-reference-reused', paymentId });

  const mismatch = currencyMismatch(stated, account);
  if (mismatch) return refuse(mismatch);
  const ledger = { entityId: stated.entityId, currency };
  return recorded(ledger, receivePayment(ledgerOf(account, ledger).receivables, payment));
}

/** Takes back a payment, for example because it bounced. */
export const decideReversal = (
  stated: CorrectionStatement,
  paymentId: PaymentId,
  account: PayerAccount,
  today: Today,
): Decided<CorrectionRefusal> =>
  ofPayment(paymentId, account, ({ ledger, payment }) =>
    corrected(stated, ledger, payment.receivedOn, today, (correction) =>
      reversePayment(ledger.receivables, { ...correction, paymentId }),
    ),
  );

/** Pays credit balance back. */
export const decideRefund = (
  stated: CorrectionStatement,
  paymentId: PaymentId,
  account: PayerAccount,
  today: Today,
): Decided<CorrectionRefusal> =>
  ofPayment(paymentId, account, ({ ledger, payment }) =>
    corrected(stated, ledger, payment.receivedOn, today, (correction) =>
      refund(ledger.receivables, { ...correction, paymentId }),
    ),
  );

/** Records an open amount as a loss. */
export function decideWriteOff(
  stated: CorrectionStatement,
  invoiceId: string,
  account: PayerAccount,
  today: Today,
): Decided<CorrectionRefusal> {
  for (const ledger of account.ledgers) {
    const invoice = ledger.receivables.invoices.find((one) => one.invoiceId === invoiceId);
    if (invoice)
      return corrected(stated, ledger, invoice.issuedOn, today, (correction) =>
        writeOff(ledger.receivables, { ...correction, invoiceId }),
      );
  }
  return refuse({ code: 'invoice-unknown' });
}

/** A payment with the ledger that it is in. */
export interface FoundPayment {
  readonly ledger: Ledger;
  readonly payment: ReceivedPayment;
}

export function findPayment(account: PayerAccount, paymentId: PaymentId): FoundPayment | undefined {
  for (const ledger of account.ledgers) {
    const payment = ledger.receivables.payments.find((one) => one.paymentId === paymentId);
    if (payment) return { ledger, payment };
  }
  return undefined;
}

function ofPayment(
  paymentId: PaymentId,
  account: PayerAccount,
  decide: (found: FoundPayment) => Decided<CorrectionRefusal>,
): Decided<CorrectionRefusal> {
  const found = findPayment(account, paymentId);
  return found ? decide(found) : refuse({ code: 'payment-unknown' });
}

/** A correction cannot be earlier than what it corrects. */
function corrected(
  { on, amount, reason }: CorrectionStatement,
  ledger: Ledger,
  since: string,
  { latestToday }: Today,
  decide: (correction: Correction) => Result<readonly BalanceEntry[], CorrectionRefusal>,
): Decided<CorrectionRefusal> {
  const fault =
    (amount && amountFault('/amount', amount)) ??
    dateFault('/on', on, latestToday) ??
    (on < since ? malformed('/on', earliest(since)) : undefined);
  if (fault) return refuse(fault);
  const { currency } = ledger;
  if (amount && amount.currency !== currency)
    return refuse({ code: 'currency-mismatch', currency });
  return recorded(ledger, decide({ on, reason, ...(amount && { amount: formatted(amount) }) }));
}

const recorded = <Refusal>(
  ledger: LedgerName,
  entries: Result<readonly BalanceEntry[], Refusal>,
): Decided<Refusal> =>
  entries.ok ? accept(entries.value.map((entry) => balanceEventOf(ledger, entry))) : entries;

/** A named amount, and its invoice, must have the currency of the payment. */
function currencyMismatch(
  { entityId, amount: { currency }, allocations }: PaymentStatement,
  { ledgers }: PayerAccount,
): CurrencyMismatch | undefined {
  for (const { invoiceId, amount } of allocations) {
    const ledger = ledgers.find(
      (one) =>
        one.entityId === entityId &&
        one.receivables.invoices.some((invoice) => invoice.invoiceId === invoiceId),
    );
    const needed = ledger?.currency ?? currency;
    if (needed !== currency || amount.currency !== currency)
      return { code: 'currency-mismatch', currency: needed, invoiceId };
  }
  return undefined;
}

const isSame = (
  before: ReceivedPayment,
  {
    amount,
    receivedOn,
    allocations,
  }: {
    readonly amount: string;
    readonly receivedOn: string;
    readonly allocations: readonly NamedAllocation[];
  },
): boolean =>
  before.amount === amount &&
  before.receivedOn === receivedOn &&
  JSON.stringify(before.named.map(pairOf)) === JSON.stringify(allocations.map(pairOf));

const pairOf = ({ invoiceId, amount }: NamedAllocation) => [invoiceId, amount];

const formatted = ({ amount, currency }: Money): string => roundMoney(amount, currency).amount;

function amountFault(path: string, money: Money): Malformed | undefined {
  const fault = moneyFault(money);
  if (fault) return moneyMalformed(path, fault);
  return compareDecimals(money.amount, '0') <= 0
    ? malformed(`${path}/amount`, { rule: 'range', expected: 'positive' })
    : undefined;
}

const dateFault = (path: string, date: string, latestToday: string): Malformed | undefined =>
  date > latestToday ? malformed(path, latest(latestToday)) : undefined;
