import { InvalidArgumentError } from 'commander';
import { canonicalInstant, isDate } from '../../../libs/domain/shared/calendar.js';

// Parsers of options and arguments. Commander reports what they reject with the option's name.

export function date(text: string): string {
  if (isDate(text)) return text;
  throw new InvalidArgumentError(
    /^\d{4}-\d{2}-\d{2}$/.test(text) ? noSuchDate(text) : 'A date is YYYY-MM-DD.',
  );
}

const noSuchDate = (date: string): string => `There is no such date as ${date}.`;

/** Parses an instant in the right form; its day may not exist in the calendar. */
function instantFault(text: string, form: string): string {
  const day = /^(\d{4}-\d{2}-\d{2})T/.exec(text)?.[1];
  return day !== undefined && !isDate(day) ? noSuchDate(day) : form;
}

/** Returns the instant in the form that the log uses: UTC, three decimals. */
export function instant(text: string): string {
  const canonical = canonicalInstant(text);
  if (canonical !== undefined) return canonical;
  throw new InvalidArgumentError(
    instantFault(text, 'An instant is in UTC, such as 2026-11-22T09:30:00Z.'),
  );
}

export function tenantId(text: string): string {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text))
    return text.toLowerCase();
  throw new InvalidArgumentError('A tenant id is a GUID.');
}

export function partnerId(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError(
    'A partner id has 1 to 64 letters, digits, dots, hyphens and underscores.',
  );
}

export function knownAt(text: string): string {
  if (/^(0|[1-9]\d{0,15})$/.test(text) || canonicalInstant(text) !== undefined) return text;
  throw new InvalidArgumentError(
    instantFault(
      text,
      'Give a position (digits) or an instant in UTC such as 2026-11-22T09:30:00Z.',
    ),
  );
}

export function position(text: string): number {
  if (/^(0|[1-9]\d{0,15})$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A position is a whole number, such as 1042.');
}
