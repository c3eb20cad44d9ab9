import { addDays, addMonthsClamped } from '../../shared/calendar.js';

/** The last day of a month `YYYY-MM`. */
export const lastDayOfPeriod = (period: string): string =>
  addDays(addMonthsClamped(`${period}-01`, 1), -1);

/** A period is over on the first day of the next one (UTC). */
export const isPeriodOver = (period: string, today: string): boolean =>
  lastDayOfPeriod(period) < today;

/**
 * What a run for a period bills: every charge that is not on a document yet and fell due by the end
 * of the period. Charges of earlier periods are among them, with their own dates; those of later
 * ones are not, in a dry run far ahead either.
 */
export const chargesOfRun = <Charge extends { readonly chargeId: string; readonly date: string }>(
  charges: readonly Charge[],
  period: string,
  isBilled: (chargeId: string) => boolean,
): readonly Charge[] =>
  charges.filter(({ chargeId, date }) => date <= lastDayOfPeriod(period) && !isBilled(chargeId));
