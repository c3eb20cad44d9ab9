import { Temporal } from 'temporal-polyfill';
import { addDays } from '../../shared/calendar.js';
import type { DocumentKind } from './document.js';

/**
 * The date of issue: today in the billing entity's time zone, and never before the date of the
 * previous number of its series.
 */
export function issueDate(now: string, timeZone: string, previous: string | undefined): string {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate().toString();
  return previous !== undefined && today < previous ? previous : today;
}

/** The terms of the payer come before those of the entity. */
export const dueDate = (
  issuedOn: string,
  entityTermsDays: number,
  payerTermsDays: number | undefined,
): string => addDays(issuedOn, payerTermsDays ?? entityTermsDays);

/**
 * The number of a document. `place` is its place in the entity's series of that kind, from 1 on; a
 * series has no gap and never starts again.
 */
export const documentNumber = (prefix: string, kind: DocumentKind, place: number): string =>
  `${prefix}${kind === 'credit-note' ? 'CN-' : ''}${String(place).padStart(6, '0')}`;
