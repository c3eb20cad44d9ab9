import type { Program } from '../program/program.js';
import { isDate, monthOf } from '../shared/calendar.js';
import type { Proposed } from '../shared/event.js';
import type { RevenueId } from '../shared/ids.js';
import { latest, type Malformed, malformed } from '../shared/malformed.js';
import { type Money, roundMoney } from '../shared/money.js';
import { accept, refuse, type Result } from '../shared/result.js';
import type {
  RecordedRevenue,
  RevenueEntry,
  RevenueEvent,
  RevenueStatement,
  ReviewOutcome,
} from './revenue.js';
import {
  amountFault,
  exceeds,
  isZero,
  partFault,
  sameMoney,
  unreversed,
  usdValue,
} from './revenue-amount.js';

/**
 * `malformed`: a value that only the calendar, the currencies or the entry show to be wrong. The
 * API answers 400.
 */
export type RevenueRefusal =
  | Malformed
  | { readonly code: 'exchange-rate-missing'; readonly month: string; readonly currency: string }
  | { readonly code: 'revenue-unknown' }
  | { readonly code: 'revenue-already-reversed' }
  /** `left`: the amount that can still be reversed. */
  | { readonly code: 'reversal-exceeds-revenue'; readonly left: Money };

export type RecordRevenueRefusal = Extract<
  RevenueRefusal,
  { code: 'malformed' | 'exchange-rate-missing' }
>;

export interface RevenueFacts {
  /** With the rates that are known now. */
  readonly program: Pick<Program, 'exchangeRates'>;
  /** The date at UTC+14: later days have not begun anywhere. */
  readonly latestToday: string;
}

export interface ReverseRevenue {
  /** The default is the whole remaining amount. */
  readonly amount?: Money;
  readonly on: string;
  readonly reason: string;
}
export interface ReviewRevenue {
  readonly outcome: ReviewOutcome;
  readonly on: string;
  readonly reason: string;
}
export interface PayRevenue {
  readonly amount: Money;
  readonly paidOn: string;
}

export type RevenueDecision = Result<readonly Proposed<RevenueEvent>[], RevenueRefusal>;

/**
 * An entry with its value in USD at the rate of its month, which never changes: the data of
 * `RevenueRecorded`, and of an import's row.
 */
export function recordRevenue(
  statement: RevenueStatement,
  { program, latestToday }: RevenueFacts,
  revenueId: RevenueId,
): Result<RecordedRevenue, RecordRevenueRefusal> {
  const fault = statementFault(statement, latestToday);
  if (fault) return refuse(fault);
  const { currency } = statement.amount;
  const month = monthOf(statement.recognizedOn);
  const usdPerUnit = rateOf(program, month, currency);
  if (usdPerUnit === undefined) return refuse({ code: 'exchange-rate-missing', month, currency });
  const usdAmount = usdValue(statement.amount, usdPerUnit);
  if (!usdAmount) return refuse(tooLarge);
  const { partnerId, tenantId, recognizedOn, family, soldAs, source, reference } = statement;
  const amount = roundMoney(statement.amount.amount, currency);
  return accept({
    revenueId,
    partnerId,
    tenantId,
    amount,
    usdAmount,
    usdPerUnit,
    rateMonth: month,
    recognizedOn,
    family,
    soldAs,
    source,
    reference,
  });
}

/** Whether a statement equals the entry on record; amounts are compared as numbers. */
export const sameStatement = (a: RevenueStatement, b: RevenueStatement): boolean =>
  sameMoney(a.amount, b.amount) &&
  a.partnerId === b.partnerId &&
  a.tenantId === b.tenantId &&
  a.recognizedOn === b.recognizedOn &&
  a.family === b.family &&
  a.soldAs === b.soldAs &&
  a.source === b.source &&
  a.reference === b.reference;

/** A reversal uses the entry's own rate. Its date may be in the future; it counts from then on. */
export function reverseRevenue(
  { amount, on, reason }: ReverseRevenue,
  entry: RevenueEntry | undefined,
): RevenueDecision {
  if (!entry) return refuse({ code: 'revenue-unknown' });
  const fault = dateFault('/on', on) ?? (amount && partFault(amount, entry.amount));
  if (fault) return refuse(fault);
  const left = unreversed(entry);
  if (isZero(left)) return refuse({ code: 'revenue-already-reversed' });
  const part = amount ?? left;
  if (exceeds(part, left)) return refuse({ code: 'reversal-exceeds-revenue', left });
  const value = partOf(entry, part);
  return value
    ? accept([{ type: 'RevenueReversed', data: { ...value, on, reason } }])
    : refuse(tooLarge);
}

/** An outcome that equals the last review of its day changes nothing. */
export function reviewRevenue(
  { outcome, on, reason }: ReviewRevenue,
  entry: RevenueEntry | undefined,
): RevenueDecision {
  if (!entry) return refuse({ code: 'revenue-unknown' });
  const fault = dateFault('/on', on);
  if (fault) return refuse(fault);
  const known = entry.reviews.findLast((review) => review.on === on);
  if (known?.outcome === outcome) return accept([]);
  return accept([
    { type: 'RevenueReviewed', data: { revenueId: entry.revenueId, outcome, on, reason } },
  ]);
}

/** A payment is a fact: it may exceed the billed amount, or come without one. */
export function payRevenue(
  { amount, paidOn }: PayRevenue,
  entry: RevenueEntry | undefined,
  { latestToday }: Pick<RevenueFacts, 'latestToday'>,
): RevenueDecision {
  if (!entry) return refuse({ code: 'revenue-unknown' });
  const fault = dateFault('/paidOn', paidOn, latestToday) ?? partFault(amount, entry.amount);
  if (fault) return refuse(fault);
  const value = partOf(entry, amount);
  return value ? accept([{ type: 'RevenuePaid', data: { ...value, paidOn } }]) : refuse(tooLarge);
}

const statementFault = (
  { amount, recognizedOn, source, reference }: RevenueStatement,
  latestToday: string,
): Malformed | undefined =>
  amountFault(amount) ??
  dateFault('/recognizedOn', recognizedOn, latestToday) ??
  blankFault('/source', source) ??
  blankFault('/reference', reference);

function dateFault(path: string, date: string, latestDate?: string): Malformed | undefined {
  if (!isDate(date)) return malformed(path, { rule: 'format', expected: 'date' });
  return latestDate !== undefined && date > latestDate
    ? malformed(path, latest(latestDate))
    : undefined;
}

const blankFault = (path: string, text: string): Malformed | undefined =>
  text.trim() === '' ? malformed(path, { rule: 'format', expected: 'visible-line' }) : undefined;

/** More than 15 digits before the point, in USD. */
const tooLarge = malformed('/amount/amount', { rule: 'range', expected: 'usd-digits' });

/** US dollars need no publication: one is worth one. */
const rateOf = (
  { exchangeRates }: RevenueFacts['program'],
  month: string,
  currency: string,
): string | undefined =>
  currency === 'USD' ? '1' : exchangeRates.get(month)?.usdPerUnit[currency];

function partOf({ revenueId, usdPerUnit }: RevenueEntry, part: Money) {
  const usdAmount = usdValue(part, usdPerUnit);
  return usdAmount && { revenueId, amount: roundMoney(part.amount, part.currency), usdAmount };
}
