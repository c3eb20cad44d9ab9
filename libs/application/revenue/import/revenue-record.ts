import type { OfferFamily } from '../../../domain/catalog/price-list.js';
import type { PartnerModel } from '../../../domain/partner/partner.js';
import type { RecordRevenueRefusal } from '../../../domain/qualification/revenue.decide.js';
import type { RevenueStatement } from '../../../domain/qualification/revenue.js';
import { partnerId, tenantId } from '../../../domain/shared/ids.js';
import { accept, refuse, type Result } from '../../../domain/shared/result.js';
import { isBlank, isPrintableLine } from '../../../domain/shared/printable-text.js';

/**
 * The fields of `POST /v1/revenue`. A CSV file has them as columns, with `currency` beside
 * `amount`.
 */
export const revenueFields = [
  'partnerId',
  'tenantId',
  'amount',
  'recognizedOn',
  'family',
  'soldAs',
  'source',
  'reference',
] as const;

/** The limits of both the request and a row of a file. */
export const SOURCE_LENGTH_AT_MOST = 256;
export const REFERENCE_LENGTH_AT_MOST = 256;

/** Converts a record of a file into a statement, or returns all faults of its form. */
export function revenueStatement(record: unknown): Result<RevenueStatement, string> {
  if (!isObject(record)) return refuse('the record is not an object');
  const read = new FieldReader(record);
  read.onlyKnown(revenueFields);
  const statement: RevenueStatement = {
    partnerId: partnerId(
      read.matching('partnerId', /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a partner id'),
    ),
    tenantId: tenantId(
      read.matching(
        'tenantId',
        /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
        'a GUID',
      ),
    ),
    amount: read.money('amount'),
    recognizedOn: read.matching('recognizedOn', /^\d{4}-\d{2}-\d{2}$/, 'a date (YYYY-MM-DD)'),
    family: read.oneOf('family', families),
    soldAs: read.oneOf('soldAs', models),
    source: read.line('source', SOURCE_LENGTH_AT_MOST),
    reference: read.line('reference', REFERENCE_LENGTH_AT_MOST),
  };
  return read.faults.length === 0 ? accept(statement) : refuse(read.faults.join('; '));
}

/** The reason why a well-formed row cannot be recorded, for the report of the import. */
export function refusalOfRow(
  refusal: RecordRevenueRefusal,
  { amount, recognizedOn }: RevenueStatement,
): string {
  if (refusal.code === 'exchange-rate-missing')
    return `exchange-rate-missing: no exchange rate of ${refusal.currency} is published for ${refusal.month}`;
  const { path, rule, expected } = refusal;
  switch (path) {
    case '/amount/currency':
      return `currency ${shown(amount.currency)} is not an ISO 4217 code`;
    case '/amount/amount':
      return rule === 'range'
        ? `amount ${amount.amount} ${amount.currency} is too large in USD`
        : `amount ${shown(amount.amount)} has more digits after the point than ${amount.currency} has`;
    case '/recognizedOn':
      return rule === 'range'
        ? `recognizedOn ${recognizedOn} is after ${expected}, the last date that is accepted today`
        : `recognizedOn: there is no such date as ${recognizedOn}`;
    default:
      return `${path.slice(1)} is invalid (${rule})`;
  }
}

const families: readonly OfferFamily[] = ['cloud', 'perpetual-software', 'partner-owned'];
const models: readonly PartnerModel[] = ['indirect-reseller', 'direct-bill', 'indirect-provider'];

/**
 * The form of the API's amounts, with a sign. The number of digits that the currency allows is
 * checked when the row is recorded.
 */
const AMOUNT = /^-?(0|[1-9]\d{0,14})(\.\d{1,4})?$/;

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads the fields of a record and collects all faults. The value that it returns for a faulty
 * field is never used.
 */
class FieldReader {
  readonly faults: string[] = [];

  constructor(
    private readonly record: Fields,
    private readonly prefix = '',
  ) {}

  onlyKnown(known: readonly string[]): void {
    for (const field of Object.keys(this.record)) {
      if (!known.includes(field))
        this.faults.push(`${this.prefix}${shown(field)} is not a field of revenue`);
    }
  }

  text(field: string): string {
    const value = this.record[field];
    if (typeof value === 'string' && value !== '') return value;
    this.faults.push(
      `${this.prefix}${field} ${value === undefined || value === '' ? 'is missing' : 'is not a string'}`,
    );
    return '';
  }

  matching(field: string, pattern: RegExp, what: string): string {
    const text = this.text(field);
    if (text !== '' && !pattern.test(text))
      this.faults.push(`${this.prefix}${field} ${shown(text)} is not ${what}`);
    return text;
  }

  oneOf<Value extends string>(field: string, values: readonly Value[]): Value {
    const text = this.text(field);
    const value = values.find((known) => known === text);
    if (value !== undefined) return value;
    if (text !== '') this.faults.push(`${field} ${shown(text)} is none of ${values.join(', ')}`);
    return values[0] as Value; // a list of choices has at least one
  }

  line(field: string, lengthAtMost: number): string {
    const text = this.text(field);
    if (text.length > lengthAtMost && [...text].length > lengthAtMost)
      this.faults.push(`${field} is longer than ${lengthAtMost} characters`);
    else if (!isPrintableLine(text))
      this.faults.push(`${field} must be one line without control characters`);
    else if (text !== '' && isBlank(text)) this.faults.push(`${field} is blank`);
    return text;
  }

  money(field: string): RevenueStatement['amount'] {
    const value = this.record[field];
    if (!isObject(value)) {
      this.faults.push(
        value === undefined
          ? `${field} is missing`
          : `${field} is not an object { amount, currency }`,
      );
      return { amount: '', currency: '' };
    }
    const money = new FieldReader(value, `${field}: `);
    money.onlyKnown(['amount', 'currency']);
    const read = {
      amount: money.matching('amount', AMOUNT, 'an amount'),
      currency: money.matching('currency', /^[A-Z]{3}$/, 'a currency'),
    };
    this.faults.push(...money.faults);
    return read;
  }
}

const shown = (text: string): string =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
