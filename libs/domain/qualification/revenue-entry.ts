import { unreachable } from '../shared/event.js';
import type { RecordedRevenue, RevenueAmount, RevenueEntry, RevenueEvent } from './revenue.js';

/** An entry without later changes: as it was recorded, or as in the row of an import. */
export const newRevenueEntry = (recorded: RecordedRevenue): RevenueEntry => ({
  ...recorded,
  reversals: [],
  reviews: [],
  payments: [],
});

/**
 * Applies an event of the partner's stream to one entry; events about other entries change nothing.
 * If the entry is recorded again, the first statement counts: the repeat is a separate duplicate,
 * and later events apply to the first.
 */
export function evolveRevenueEntry(
  entry: RevenueEntry | undefined,
  event: RevenueEvent,
): RevenueEntry | undefined {
  if (entry === undefined)
    return event.type === 'RevenueRecorded' ? newRevenueEntry(event.data) : undefined;
  if (event.data.revenueId !== entry.revenueId) return entry;
  switch (event.type) {
    case 'RevenueRecorded':
      return entry;
    case 'RevenueReversed': {
      const { amount, usdAmount, on } = event.data;
      return { ...entry, reversals: [...entry.reversals, { amount, usdAmount, on }] };
    }
    case 'RevenueReviewed': {
      const { outcome, on } = event.data;
      return { ...entry, reviews: [...entry.reviews, { outcome, on }] };
    }
    case 'RevenuePaid': {
      const { amount, usdAmount, paidOn } = event.data;
      return { ...entry, payments: [...entry.payments, { amount, usdAmount, paidOn }] };
    }
    default:
      return unreachable(event);
  }
}

/**
 * The review in force on a date: the one with the latest `on` up to it; of several, the last in the
 * log.
 */
export function reviewOn(
  reviews: RevenueEntry['reviews'],
  date: string,
): RevenueEntry['reviews'][number] | undefined {
  let inForce: RevenueEntry['reviews'][number] | undefined;
  for (const review of reviews) {
    if (review.on <= date && review.on >= (inForce?.on ?? '')) inForce = review;
  }
  return inForce;
}

/** The review state of an entry on a date; one under review still counts. */
export const reviewStatusOn = (
  reviews: RevenueEntry['reviews'],
  date: string,
): 'counted' | 'disallowed' =>
  reviewOn(reviews, date)?.outcome === 'disallowed' ? 'disallowed' : 'counted';

/** The effects of an entry on trailing revenue. */
export function amountsOfEntry(
  entry: RevenueEntry,
  status: RevenueAmount['status'],
): readonly RevenueAmount[] {
  const { family, soldAs } = entry;
  const amount = (kind: RevenueAmount['kind'], on: string, usd: string): RevenueAmount => ({
    kind,
    on,
    family,
    soldAs,
    status: status,
    usd,
  });
  return [
    amount('recorded', entry.recognizedOn, entry.usdAmount.amount),
    ...entry.reversals.map(({ on, usdAmount }) => amount('reversed', on, usdAmount.amount)),
    ...entry.payments.map(({ paidOn, usdAmount }) => amount('paid', paidOn, usdAmount.amount)),
  ];
}
