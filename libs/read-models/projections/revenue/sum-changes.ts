import { type Cents, centsOf } from '../../../domain/qualification/usd-cents.js';
import { monthOf } from '../../../domain/shared/calendar.js';
import type { PartnerId } from '../../../domain/shared/ids.js';
import type { RowUpdate } from '../../projection.js';
import {
  days,
  months,
  type Origin,
  type StatedRow,
  sumsKey,
  type SumsRow,
} from './revenue-tables.js';
import { type Repeat, textOf } from './sum-class.js';

type CentsByClass = Map<string, Cents>;
interface OfMonth {
  readonly cents: CentsByClass;
  readonly days: Map<string, CentsByClass>;
}

/**
 * The changes that one event makes to the sums of imports' rows. Many of its rows fall on one day,
 * which changes once.
 */
export class SumChanges {
  private readonly origins = new Map<string, Map<string, OfMonth>>();

  add(stated: StatedRow, repeat: Repeat): void {
    this.count(stated, repeat, centsOf(stated.usdAmount.amount));
  }

  /** Other rows have changed how this one is classified. */
  move(stated: StatedRow, from: Repeat, to: Repeat): void {
    const cents = centsOf(stated.usdAmount.amount);
    this.count(stated, from, -cents);
    this.count(stated, to, cents);
  }

  changes(): readonly RowUpdate[] {
    const changes: RowUpdate[] = [];
    for (const [key, ofOrigin] of this.origins) {
      const [partnerId, origin] = splitKey(key);
      for (const [month, { cents, days: ofDays }] of ofOrigin) {
        changes.push(months.change(sumsKey(partnerId, month, origin), (row) => added(row, cents)));
        for (const [day, ofDay] of ofDays)
          changes.push(days.change(sumsKey(partnerId, day, origin), (row) => added(row, ofDay)));
      }
    }
    return changes;
  }

  /** The partners and origins of all added entries. */
  sources(): readonly (readonly [PartnerId, Origin])[] {
    return [...this.origins.keys()].map(splitKey);
  }

  private count(stated: StatedRow, repeat: Repeat, cents: Cents): void {
    const { partnerId, origin, recognizedOn } = stated;
    const ofOrigin = entryOf(this.origins, `${partnerId}/${origin}`, newMap<OfMonth>);
    const ofMonth = entryOf(ofOrigin, monthOf(recognizedOn), () => ({
      cents: newMap<Cents>(),
      days: newMap<CentsByClass>(),
    }));
    const ofDay = entryOf(ofMonth.days, recognizedOn, newMap<Cents>);
    const text = textOf('recorded', stated, repeat);
    ofMonth.cents.set(text, (ofMonth.cents.get(text) ?? 0n) + cents);
    ofDay.set(text, (ofDay.get(text) ?? 0n) + cents);
  }
}

/** A class whose sum is zero is removed. */
export function added(row: SumsRow | undefined, more: ReadonlyMap<string, Cents>): SumsRow {
  const cents: Record<string, string> = { ...row?.cents };
  let isNothing = false;
  for (const [text, change] of more) {
    const sum = BigInt(cents[text] ?? 0) + change;
    isNothing ||= sum === 0n;
    cents[text] = String(sum);
  }
  return {
    ...row,
    cents: isNothing
      ? Object.fromEntries(Object.entries(cents).filter(([, sum]) => sum !== '0'))
      : cents,
  };
}

function splitKey(key: string): readonly [PartnerId, Origin] {
  const slash = key.indexOf('/');
  // `count` built the key from the two.
  return [key.slice(0, slash) as PartnerId, key.slice(slash + 1)];
}

const newMap = <Value>(): Map<string, Value> => new Map<string, Value>();

function entryOf<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
