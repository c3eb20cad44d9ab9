import type { RevenueChange } from '../../../libs/application/revenue/revenue.commands.js';
import type { RevenueStatement } from '../../../libs/domain/qualification/revenue.js';
import { partnerId } from '../../../libs/domain/shared/ids.js';
import type { Money } from '../../../libs/domain/shared/money.js';
import { entriesOf, MONTHLY_SOURCE, referenceOf } from './month-entries.js';
import { dayOf, laterMonth } from './months.js';
import { greatProject } from './single-entries.js';

/** A later change of one entry. */
export interface DemoRevenueChange extends Pick<
  RevenueStatement,
  'partnerId' | 'source' | 'reference'
> {
  readonly change: RevenueChange;
}

/** Reversals of entries of the year before the demonstration's first month. */
export const revenueChanges = (firstMonth: string): readonly DemoRevenueChange[] => [
  ...reversals(firstMonth),
  ...reviews(firstMonth),
  ...payments(firstMonth),
];

const reversals = (firstMonth: string): readonly DemoRevenueChange[] => [
  of('sakura-systems', firstMonth, -4, 6, {
    type: 'reverse',
    on: dayOf(firstMonth, -3, 4),
    reason: 'ordered twice',
  }),
  of('sakura-systems', firstMonth, -7, 2, {
    type: 'reverse',
    amount: { amount: '150000', currency: 'JPY' },
    on: dayOf(firstMonth, -6, 10),
    reason: 'fewer seats than billed',
  }),
  of('nordlicht-it', firstMonth, -2, 5, {
    type: 'reverse',
    amount: { amount: '640.25', currency: 'EUR' },
    on: dayOf(firstMonth, -1, 9),
    reason: 'a price that was not agreed',
  }),
];

/** Microsoft's reviews of such entries. */
function reviews(firstMonth: string): readonly DemoRevenueChange[] {
  type Review = Omit<Extract<RevenueChange, { type: 'review' }>, 'type'>;
  const reviewed = (
    partner: string,
    months: number,
    part: number,
    review: Review,
  ): DemoRevenueChange => of(partner, firstMonth, months, part, { type: 'review', ...review });
  const on = (months: number, day: number): string => dayOf(firstMonth, months, day);
  return [
    reviewed('sakura-systems', -6, 1, {
      outcome: 'under-review',
      on: on(-4, 2),
      reason: 'sold through another tenant?',
    }),
    reviewed('sakura-systems', -6, 1, {
      outcome: 'disallowed',
      on: on(-3, 15),
      reason: 'sold through another tenant',
    }),
    reviewed('thames-cloud', -8, 3, {
      outcome: 'disallowed',
      on: on(-6, 5),
      reason: 'no proof of the order',
    }),
    reviewed('thames-cloud', -8, 3, {
      outcome: 'confirmed',
      on: on(-5, 20),
      reason: 'the order was handed in',
    }),
    reviewed('thames-cloud', -5, 2, {
      outcome: 'under-review',
      on: on(-1, 6),
      reason: 'asked for the order',
    }),
  ];
}

/**
 * Payments of the larger bills of one partner and of the large project of another. Most bills have
 * no recorded payment.
 */
function payments(firstMonth: string): readonly DemoRevenueChange[] {
  const { partnerId, source, reference, amount } = greatProject(firstMonth);
  return [
    ...[-12, -11, -10, -9, -8, -7, -5, -4, -3, -2].map((months) =>
      of('sakura-systems', firstMonth, months, 1, {
        type: 'pay',
        amount: billed('sakura-systems', firstMonth, months, 1),
        paidOn: dayOf(firstMonth, months + 1, 25),
      }),
    ),
    {
      partnerId,
      source,
      reference,
      change: { type: 'pay', amount, paidOn: dayOf(firstMonth, -8, 28) },
    },
  ];
}

/**
 * Names a part of the amounts that were billed in a month, counted from the demonstration's first
 * month (negative: before it).
 */
const of = (
  partner: string,
  firstMonth: string,
  months: number,
  part: number,
  change: RevenueChange,
): DemoRevenueChange => ({
  partnerId: partnerId(partner),
  source: MONTHLY_SOURCE,
  reference: referenceOf(partner, laterMonth(firstMonth, months), part),
  change,
});

function billed(partner: string, firstMonth: string, months: number, part: number): Money {
  const month = laterMonth(firstMonth, months);
  const entry = entriesOf(month, firstMonth).find(
    ({ reference }) => reference === referenceOf(partner, month, part),
  );
  if (!entry) throw new Error(`${partner} has no part ${part} in ${month}`);
  return entry.amount;
}
