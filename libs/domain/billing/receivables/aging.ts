import { daysBetween } from '../../shared/calendar.js';
import { totalOf } from '../../shared/money.js';
import { type Account, creditBalance, openOf } from './account.js';

export interface Aging {
  readonly notDue: string;
  readonly days1To30: string;
  readonly days31To60: string;
  readonly days61To90: string;
  readonly over90: string;
  /** Apart: it is in no other column. */
  readonly creditBalance: string;
}

type Bucket = Exclude<keyof Aging, 'creditBalance'>;

/** What a payer owes one issuer in one currency, by due date. */
export interface Balance {
  readonly currency: string;
  readonly open: readonly { readonly dueOn: string; readonly amount: string }[];
  readonly creditBalance: string;
}

export const balanceOf = (account: Account): Balance => ({
  currency: account.currency,
  open: account.invoices.map((invoice) => ({
    dueOn: invoice.dueOn,
    amount: openOf(invoice, account.currency),
  })),
  creditBalance: creditBalance(account),
});

/** The open amounts by the days since they were due. An invoice is not overdue on its due date. */
export function agingOf({ currency, open, ...balance }: Balance, asOf: string): Aging {
  const openIn = (bucket: Bucket): string =>
    totalOf(
      open
        .filter(({ dueOn }) => bucketOf(daysBetween(dueOn, asOf)) === bucket)
        .map(({ amount }) => amount),
      currency,
    );
  return {
    notDue: openIn('notDue'),
    days1To30: openIn('days1To30'),
    days31To60: openIn('days31To60'),
    days61To90: openIn('days61To90'),
    over90: openIn('over90'),
    creditBalance: balance.creditBalance,
  };
}

function bucketOf(daysOverdue: number): Bucket {
  if (daysOverdue <= 0) return 'notDue';
  if (daysOverdue <= 30) return 'days1To30';
  if (daysOverdue <= 60) return 'days31To60';
  return daysOverdue <= 90 ? 'days61To90' : 'over90';
}
