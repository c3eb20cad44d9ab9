import { compareDecimals, negated, totalOf } from '../../shared/money.js';
import type { DocumentContent, RevenueFamily } from '../documents/document.js';
import { rateKey, type RateTax } from '../tax/document-tax.js';
import type { AccountEntry } from './account.js';

export type LedgerAccount =
  | 'accounts-receivable'
  | `revenue:${RevenueFamily}`
  /** By treatment and rate: `tax:standard 0.1`. */
  | `tax:${string}`
  | 'credit-balance'
  | 'cash'
  | 'bad-debt';

/** A debit is positive, a credit negative. */
export interface Posting {
  readonly account: LedgerAccount;
  readonly amount: string;
}

/**
 * The revenue and tax of an issued document: net by family, tax by rate; positive on both kinds.
 */
export interface Earnings {
  readonly revenue: readonly { readonly family: RevenueFamily; readonly net: string }[];
  readonly taxes: readonly { readonly rate: string; readonly tax: string }[];
}

export const earningsOf = (revenue: Earnings['revenue'], taxes: readonly RateTax[]): Earnings => ({
  revenue,
  taxes: taxes.map((rate) => ({ rate: rateKey(rate), tax: rate.tax })),
});

/** The net of lines by family, added to that of earlier lines of the document. */
export function revenueOf(
  lines: DocumentContent['lines'],
  currency: string,
  before: Earnings['revenue'] = [],
): Earnings['revenue'] {
  const nets = new Map(before.map(({ family, net }) => [family, [net]]));
  for (const { family, amount } of lines) {
    const ofFamily = nets.get(family);
    if (ofFamily) ofFamily.push(amount);
    else nets.set(family, [amount]);
  }
  return [...nets].map(([family, amounts]) => ({ family, net: totalOf(amounts, currency) }));
}

/** The double entry of one change of an account: its postings sum to zero. */
export function postingsOf(entry: AccountEntry, earnings?: Earnings): readonly Posting[] {
  switch (entry.kind) {
    case 'invoice-issued':
      return withoutZeros(
        { account: 'accounts-receivable', amount: entry.total },
        ...earned(earnings, negated),
      );
    case 'credit-note-issued':
      return withoutZeros(
        { account: 'credit-balance', amount: negated(entry.total) },
        ...earned(earnings, (amount) => amount),
      );
    case 'payment-received':
      return move(entry.amount, 'credit-balance', 'cash');
    case 'allocated':
    case 'credited':
      return move(entry.amount, 'accounts-receivable', 'credit-balance');
    case 'allocation-reversed':
      return move(entry.amount, 'credit-balance', 'accounts-receivable');
    case 'payment-reversed':
    case 'refunded':
      return move(entry.amount, 'cash', 'credit-balance');
    case 'written-off':
      return move(entry.amount, 'accounts-receivable', 'bad-debt');
    case 'write-off-reversed':
      return move(entry.amount, 'bad-debt', 'accounts-receivable');
  }
}

const move = (amount: string, from: LedgerAccount, to: LedgerAccount): readonly Posting[] => [
  { account: to, amount },
  { account: from, amount: negated(amount) },
];

function earned(earnings: Earnings | undefined, sign: (amount: string) => string): Posting[] {
  if (!earnings) return [];
  return [
    ...earnings.revenue.map(({ family, net }): Posting => ({
      account: `revenue:${family}`,
      amount: sign(net),
    })),
    ...earnings.taxes.map(({ rate, tax }): Posting => ({
      account: `tax:${rate}`,
      amount: sign(tax),
    })),
  ];
}

const withoutZeros = (...postings: readonly Posting[]): readonly Posting[] =>
  postings.filter(({ amount }) => compareDecimals(amount, '0') !== 0);
