import type { RevenueStatement } from '../../../../libs/domain/qualification/revenue.js';
import { type DemoRevenueChange, revenueChanges } from '../revenue-changes.js';
import { usdPerUnit } from '../exchange-rates.js';
import { threeYears } from '../month-entries.js';
import { singleEntries } from '../single-entries.js';

/** US cents. */
export interface PlainFigures {
  readonly total: bigint;
  readonly paid: bigint;
  readonly excluded: Readonly<Record<string, bigint>>;
}

/**
 * The expected revenue of a partner of the demonstration, as of a date in its first month. It is
 * computed independently of the product: entry by entry, from the plan alone, by the default
 * policy.
 */
export function plainFigures(partnerId: string, firstMonth: string, asOf: string): PlainFigures {
  const changes = revenueChanges(firstMonth).filter((change) => change.partnerId === partnerId);
  const isInWindow = (day: string): boolean => day > yearBefore(asOf) && day <= asOf;
  const excluded: Record<string, bigint> = {};
  let [total, paid] = [0n, 0n];
  const seen = new Set<string>();
  for (const entry of [...singleEntries(firstMonth), ...threeYears(firstMonth)].filter(
    (one) => one.partnerId === partnerId,
  )) {
    const isRepeat = seen.has(entry.reference);
    seen.add(entry.reference);
    for (const { on, cents, isPayment } of movementsOf(entry, isRepeat ? [] : changes)) {
      const reason = isRepeat
        ? 'duplicate'
        : (reasonOf(entry) ??
          (isInWindow(on) ? reviewReason(entry, changes, asOf) : 'outside-window'));
      if (isPayment !== 'only' && reason !== undefined)
        excluded[reason] = (excluded[reason] ?? 0n) + cents;
      if (reason !== undefined) continue;
      if (isPayment !== 'only') total += cents;
      if (isPayment !== 'no') paid += cents;
    }
  }
  return { total, paid, excluded };
}

interface Movement {
  readonly on: string;
  readonly cents: bigint;
  /** A reversal reduces both the billed and the paid amount. */
  readonly isPayment: 'no' | 'only' | 'too';
}

function movementsOf(
  entry: RevenueStatement,
  changes: readonly DemoRevenueChange[],
): readonly Movement[] {
  const movements: Movement[] = [
    { on: entry.recognizedOn, cents: inCents(entry, entry.amount.amount), isPayment: 'no' },
  ];
  for (const { change, reference } of changes) {
    if (reference !== entry.reference) continue;
    if (change.type === 'reverse') {
      movements.push({
        on: change.on,
        cents: -inCents(entry, (change.amount ?? entry.amount).amount),
        isPayment: 'too',
      });
    }
    if (change.type === 'pay')
      movements.push({
        on: change.paidOn,
        cents: inCents(entry, change.amount.amount),
        isPayment: 'only',
      });
  }
  return movements;
}

function reasonOf({ family, soldAs }: RevenueStatement): string | undefined {
  if (family !== 'cloud') return family;
  return soldAs === 'indirect-reseller' ? undefined : 'not-as-indirect-reseller';
}

/** No two reviews of one entry are on the same day. */
function reviewReason(
  { reference }: RevenueStatement,
  changes: readonly DemoRevenueChange[],
  asOf: string,
): string | undefined {
  let latest = { on: '', outcome: 'confirmed' };
  for (const one of changes) {
    const { change } = one;
    if (
      one.reference === reference &&
      change.type === 'review' &&
      change.on <= asOf &&
      change.on > latest.on
    )
      latest = change;
  }
  return latest.outcome === 'disallowed' ? 'disallowed' : undefined;
}

/** Rounds half a cent to the even cent. */
function inCents({ amount: { currency }, recognizedOn }: RevenueStatement, amount: string): bigint {
  const rate = currency === 'USD' ? '1' : usdPerUnit(recognizedOn.slice(0, 7))[currency];
  if (rate === undefined) throw new Error(`no rate of ${currency}`);
  // rates have 10^12 units to the dollar, so 10^10 to the cent
  const product = inMillionths(amount) * inMillionths(rate);
  const sign = product < 0n ? -1n : 1n;
  const [whole, rest] = [(product * sign) / 10n ** 10n, (product * sign) % 10n ** 10n];
  const half = 5n * 10n ** 9n;
  return sign * (rest > half || (rest === half && whole % 2n === 1n) ? whole + 1n : whole);
}

function inMillionths(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(`${whole}${fraction.padEnd(6, '0')}`);
}

function yearBefore(date: string): string {
  const year = String(Number(date.slice(0, 4)) - 1);
  return date.endsWith('02-29') ? `${year}-02-28` : `${year}${date.slice(4)}`;
}
