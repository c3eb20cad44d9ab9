import { isCountry } from '../../../../libs/domain/shared/country.js';
import { isCurrency } from '../../../../libs/domain/shared/currency.js';
import {
  isBlank,
  isPrintableLine,
  isPrintableText,
} from '../../../../libs/domain/shared/printable-text.js';
import { canonicalDomainName } from './domain-name.js';

/**
 * Formats that a pattern cannot express. Ajv uses each as a named `format`, and class-validator
 * runs the same function, so the two cannot differ.
 */
export const formats = {
  /** Well-formed Unicode without control characters except line breaks and tabs. */
  text: isPrintableText,
  /** `text` on one line: no control characters, no line or paragraph separators. */
  line: isPrintableLine,
  /** For required texts: at least one visible character. The length check reports an empty text. */
  'visible-text': (text: string): boolean =>
    isPrintableText(text) && (text === '' || !isBlank(text)),
  'visible-line': (text: string): boolean =>
    isPrintableLine(text) && (text === '' || !isBlank(text)),
  /** A host name of two labels or more, in letters of any script (UTS #46). */
  'idn-hostname': (text: string): boolean => canonicalDomainName(text) !== undefined,
  /** A calendar date that exists, from 0001-01-01 to 9999-12-31. */
  date: isDate,
  month: (text: string): boolean =>
    /^\d{4}-(0[1-9]|1[0-2])$/.test(text) && !text.startsWith('0000'),
  instant: isInstant,
  /** A log position, or an instant. */
  'known-at': (text: string): boolean => isPosition(text) || isInstant(text),
  position: isPosition,
  uuid: (text: string): boolean =>
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text),
  /**
   * ISO 3166-1 alpha-2, and XK (Kosovo): the program sells there, and ISO leaves this code to its
   * users.
   */
  country: isCountry,
  /** ISO 4217. */
  currency: isCurrency,
  /** A name of the IANA time zone database. An offset such as +09:00 is not a name. */
  'time-zone': isTimeZone,
  /** Both parts have a visible character, and no character that hides or reverses others. */
  email: (text: string): boolean =>
    /^[^\s@]+@[^\s@]+$/u.test(text) && isPrintableLine(text) && !text.split('@').some(isBlank),
} as const;
export type FormatName = keyof typeof formats;

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8));
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (monthDays[month - 1] ?? 0);
  return year >= 1 && day >= 1 && day <= days;
}

function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(text)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: text }));
  } catch {
    return false;
  }
}

/** RFC 3339 in UTC. */
function isInstant(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?Z$/.test(text) &&
    isDate(text.slice(0, 10))
  );
}

function isPosition(text: string): boolean {
  return /^(0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text));
}
