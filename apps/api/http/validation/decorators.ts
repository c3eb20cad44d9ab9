import { IsOptional } from 'class-validator';
import { taxCategoryPattern } from '../../../../libs/domain/catalog/price-list.js';
import { isCurrency, minorDigits } from '../../../../libs/domain/shared/currency.js';
import { type FormatName, formats } from './formats.js';
import { schemaDecorator } from './decorator-registry.js';

/** Ajv and class-validator count characters, not UTF-16 units. */
const length = (text: string): number => {
  let count = 0;
  for (const _character of text) count++;
  return count;
};

const formatted = (
  name: string,
  format: FormatName,
  more: { readonly minLength?: number; readonly maxLength?: number } = {},
) =>
  schemaDecorator(
    name,
    () => ({ property: { type: 'string', format, ...more } }),
    (value) => {
      if (typeof value !== 'string' || !formats[format](value)) return false;
      return value.length >= (more.minLength ?? 0) && length(value) <= (more.maxLength ?? Infinity);
    },
  );

/**
 * The pattern is published, so all regular expression engines must accept it (RE2 has no
 * lookaround). Lengths are separate keywords.
 */
const patterned = (
  name: string,
  pattern: RegExp,
  description: string,
  lengths: { readonly minLength?: number; readonly maxLength?: number } = {},
) =>
  schemaDecorator(
    name,
    () => ({ property: { type: 'string', pattern: pattern.source, ...lengths, description } }),
    (value) => {
      if (typeof value !== 'string' || !pattern.test(value)) return false;
      return (
        length(value) >= (lengths.minLength ?? 0) &&
        length(value) <= (lengths.maxLength ?? Infinity)
      );
    },
  );

/** A text must have a visible character, even if the field is optional. */
const bounded = (name: string, format: 'text' | 'line') =>
  schemaDecorator(
    name,
    (min: number, max: number) => ({
      property: { type: 'string', minLength: min, maxLength: max, format: `visible-${format}` },
    }),
    (value, [min, max]) =>
      typeof value === 'string' &&
      formats[`visible-${format}`](value) &&
      length(value) >= min &&
      length(value) <= max,
  );

/** Free text of `min` to `max` characters, which may have line breaks. */
export const Text = bounded('Text', 'text');
/** Text on one line. */
export const Line = bounded('Line', 'line');

export const CalendarDate = formatted('CalendarDate', 'date');
export const CalendarMonth = formatted('CalendarMonth', 'month');
export const Instant = formatted('Instant', 'instant');
/** A log position in digits (inclusive), or an instant. */
export const KnownAt = formatted('KnownAt', 'known-at');
export const Guid = formatted('Guid', 'uuid');
export const CountryCode = formatted('CountryCode', 'country');
export const Currency = formatted('Currency', 'currency');
export const TimeZone = formatted('TimeZone', 'time-zone');
export const Email = formatted('Email', 'email', { maxLength: 254 });

/** The currency of an order. The order gate judges whether it exists (MARKET-2). */
export const CurrencyLetters = patterned('CurrencyLetters', /^[A-Z]{3}$/u, 'Three capital letters');
export const MarketCode = patterned('MarketCode', /^[A-Z]{2}$/u, "Microsoft's market code");
export const PartnerIdText = patterned(
  'PartnerIdText',
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u,
  'Chosen by the client',
);
/** `customer:<tenantId>` or `partner:<partnerId>`. */
export const payer =
  /^(customer:[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|partner:[A-Za-z0-9][A-Za-z0-9._-]{0,63})$/u;
export const PayerText = patterned(
  'PayerText',
  payer,
  'customer:<tenantId> or partner:<partnerId>',
);
/** The id of a billing run: a UUID, or for a dry run a text that contains its request. */
export const RunIdText = patterned(
  'RunIdText',
  /^([0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|dry\.[A-Za-z0-9_-]+)$/u,
  'A UUID; the id of a dry run begins with "dry."',
  { maxLength: 8000 },
);
export const LanguageTag = patterned(
  'LanguageTag',
  /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/u,
  'BCP 47',
  { maxLength: 35 },
);
export const Phone = patterned(
  'Phone',
  /^[+(]?[0-9][0-9 ()./-]{1,30}[0-9]$/u,
  'Digits with the usual separators',
);
export const DomainName = formatted('DomainName', 'idn-hostname', { maxLength: 253 });
export const VersionName = patterned(
  'VersionName',
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u,
  'A name of letters, digits, ".", "_" and "-"',
);
export const Cursor = patterned(
  'Cursor',
  /^[A-Za-z0-9_-]+={0,2}$/u,
  'The nextCursor of an earlier page',
  {
    maxLength: 1026,
  },
);

const decimalPattern = (minorDigits: number): string =>
  `^(0|[1-9]\\d{0,14})${minorDigits > 0 ? `(\\.\\d{1,${minorDigits}})?` : ''}$`;

/**
 * A decimal string that is not negative: at most 15 digits before the point and `digits` after it.
 */
export const Decimal = schemaDecorator(
  'Decimal',
  (digits: number) => ({ property: { type: 'string', pattern: decimalPattern(digits) } }),
  (value, [digits]) =>
    typeof value === 'string' && new RegExp(decimalPattern(digits), 'u').test(value),
);

/** An amount with at most as many digits after the point as the currency in the same object has. */
export const AmountIn = schemaDecorator(
  'AmountIn',
  (currency: string) => ({
    property: { type: 'string', pattern: decimalPattern(4) },
    object: { 'x-minor-digits-of': currency },
  }),
  (value, [currency], { object }) => {
    if (typeof value !== 'string' || !new RegExp(decimalPattern(4), 'u').test(value)) return false;
    const code: unknown = Reflect.get(object, currency);
    return typeof code !== 'string' || fitsMinorDigits(value, code);
  },
);
/** The same with a sign: a credit is negative. */
export const SignedAmountIn = schemaDecorator(
  'SignedAmountIn',
  (currency: string) => ({
    property: { type: 'string', pattern: signedPattern },
    object: { 'x-minor-digits-of': currency },
  }),
  (value, [currency], { object }) => {
    if (typeof value !== 'string' || !new RegExp(signedPattern, 'u').test(value)) return false;
    const code: unknown = Reflect.get(object, currency);
    return typeof code !== 'string' || fitsMinorDigits(value, code);
  },
);
/** A decimal in the currency of the invoice, or money. */
export const CreditAmount = schemaDecorator(
  'CreditAmount',
  () => ({
    property: {
      type: ['string', 'object'],
      pattern: signedPattern,
      properties: {
        amount: { type: 'string', pattern: signedPattern },
        currency: { type: 'string', pattern: '^[A-Z]{3}$' },
      },
      required: ['amount', 'currency'],
      additionalProperties: false,
    },
  }),
  (value) => {
    const isAmount = (text: unknown): boolean =>
      typeof text === 'string' && new RegExp(signedPattern, 'u').test(text);
    if (typeof value !== 'object' || value === null) return isAmount(value);
    const { amount, currency, ...rest } = value as Record<string, unknown>;
    return (
      isAmount(amount) &&
      typeof currency === 'string' &&
      /^[A-Z]{3}$/u.test(currency) &&
      Object.keys(rest).length === 0
    );
  },
);
const signedPattern = decimalPattern(4).replace('^', '^-?');

export const fitsMinorDigits = (amount: string, currency: string): boolean => {
  if (!isCurrency(currency)) return true; // reported as an error of the currency
  const point = amount.indexOf('.');
  return point < 0 || amount.length - point - 1 <= minorDigits(currency);
};

/**
 * One of the fifteen digits after the point must not be zero. There is one alternative for each
 * digit that can be the first such digit.
 */
const fraction = Array.from(
  { length: 15 },
  (_, zeros) => `${'0'.repeat(zeros)}[1-9]\\d{0,${14 - zeros}}`,
).join('|');
export const rate = new RegExp(`^(?:[1-9]\\d{0,14}(?:\\.\\d{1,15})?|0\\.(?:${fraction}))$`, 'u');
/** Decimal strings above zero by currency code; at least one. */
export const RatesByCurrency = schemaDecorator(
  'RatesByCurrency',
  () => ({
    property: {
      type: 'object',
      minProperties: 1,
      maxProperties: 200,
      propertyNames: { type: 'string', format: 'currency' },
      additionalProperties: { type: 'string', pattern: rate.source },
    },
  }),
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const entries = Object.entries(value);
    return (
      entries.length >= 1 &&
      entries.length <= 200 &&
      entries.every(
        ([code, text]) => formats.currency(code) && typeof text === 'string' && rate.test(text),
      )
    );
  },
);

/** Exactly one of this property and the named one must be present. */
export const EitherThisOr = schemaDecorator(
  'EitherThisOr',
  (neighbour: string) => ({ property: {}, object: { 'x-either': neighbour }, optional: true }),
  (value, [neighbour], { object }) =>
    (value === undefined) !== (Reflect.get(object, neighbour) === undefined),
);

/** The adjustment of a price: -100 makes it zero, and it cannot become lower. */
export const percent =
  /^(?:-(?:100(?:\.0{1,4})?|[0-9]{1,2}(?:\.[0-9]{1,4})?)|(?:0|[1-9][0-9]{0,3})(?:\.[0-9]{1,4})?)$/u;
export const Percent = patterned('Percent', percent, 'A decimal percentage of at least -100');

/** A tax rate as a decimal: `0.10`. */
export const taxRate = /^(?:0(?:\.[0-9]{1,6})?|1(?:\.0{1,6})?)$/u;
export const TaxCategory = patterned(
  'TaxCategory',
  taxCategoryPattern,
  'A category of the tax-rate tables',
);
/** Tax rates by category; at least one. */
export const RatesByCategory = schemaDecorator(
  'RatesByCategory',
  () => ({
    property: {
      type: 'object',
      minProperties: 1,
      maxProperties: 20,
      propertyNames: { type: 'string', pattern: taxCategoryPattern.source },
      additionalProperties: { type: 'string', pattern: taxRate.source },
    },
  }),
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const entries = Object.entries(value);
    return (
      entries.length >= 1 &&
      entries.length <= 20 &&
      entries.every(
        ([name, text]) =>
          taxCategoryPattern.test(name) && typeof text === 'string' && taxRate.test(text),
      )
    );
  },
);

const clearable = new WeakMap<object, Set<string>>();

/** An optional field that `null` clears. Only PUT uses it; anywhere else `null` is an error. */
export const Clearable = (): PropertyDecorator => (target, property) => {
  IsOptional()(target, property);
  clearable.set(target, (clearable.get(target) ?? new Set()).add(String(property)));
};
export function isClearable(dto: object, property: string): boolean {
  for (
    let type: object | null = dto;
    type !== null;
    type = Object.getPrototypeOf(type) as object | null
  ) {
    if (clearable.get(type)?.has(property)) return true;
  }
  return false;
}
