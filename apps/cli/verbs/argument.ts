import { InvalidArgumentError } from 'commander';
import { canonicalInstant, isDate } from '../../../libs/domain/shared/calendar.js';

// Parsers of options and arguments: what they refuse is a wrong usage, told with the option's name by commander.

export function date(text: string): string {
  if (isDate(text)) return text;
  throw new InvalidArgumentError('A date is YYYY-MM-DD.');
}

/** Told back as the log writes instants: UTC, three decimals. */
export function instant(text: string): string {
  const canonical = canonicalInstant(text);
  if (canonical !== undefined) return canonical;
  throw new InvalidArgumentError('An instant is in UTC, such as 2026-11-22T09:30:00Z.');
}

export function knownAt(text: string): string {
  if (/^(0|[1-9]\d{0,15})$/.test(text) || canonicalInstant(text) !== undefined) return text;
  throw new InvalidArgumentError('It is a position (digits) or an instant in UTC such as 2026-11-22T09:30:00Z.');
}

export function position(text: string): number {
  if (/^(0|[1-9]\d{0,15})$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A position is digits.');
}
