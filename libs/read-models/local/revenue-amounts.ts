import { reviewOn } from '../../domain/qualification/revenue-entry.js';
import type { DaySpan } from '../../domain/qualification/revenue-window.js';
import type { RevenueAmount } from '../../domain/qualification/revenue.js';
import { type Cents, centsOf, usdOf } from '../../domain/qualification/usd-cents.js';
import { addDays, monthOf } from '../../domain/shared/calendar.js';
import type { Position } from '../../event-log/event-log.js';
import {
  type EntryRow,
  LIVE,
  type Origin,
  type SumsRow,
} from '../projections/revenue/revenue-tables.js';
import { classOf, type Repeat } from '../projections/revenue/sum-class.js';
import type { Countable, RevenueQuery } from '../revenue.js';
import type { RevenueRowFound } from '../queries/revenue-rows.js';

export interface AskedAmounts extends Pick<RevenueQuery, 'asOf' | 'window' | 'countable'> {
  readonly knownAt: Position;
}

/** The entries that some policy can count, under any model of the program's rules. */
const EVER_COUNTABLE: Countable = {
  families: ['cloud', 'perpetual-software'],
  soldAs: ['indirect-reseller', 'direct-bill'],
};

/** The amounts that result from a partner's rows. */
export function amountsOf(
  rows: readonly RevenueRowFound[],
  { asOf, window, countable = EVER_COUNTABLE, knownAt }: AskedAmounts,
): readonly RevenueAmount[] {
  const sums = new Sums(window, countable, originsKnown(rows, knownAt));
  for (const { what, key, row } of rows) {
    if (row === null) continue;
    // The projection wrote the rows in these types.
    if (what === 'disallowed') disallow(sums, JSON.parse(row) as EntryRow, asOf, knownAt);
    else sums.addRow(key, row);
  }
  return sums.amounts();
}

/**
 * The position from which the rows of each origin are known. Origins that had not begun or ended by
 * then are omitted.
 */
function originsKnown(
  rows: readonly RevenueRowFound[],
  knownAt: Position,
): ReadonlyMap<Origin, Position> {
  const known = new Map<Origin, Position>();
  for (const { what, key, completedAt } of rows) {
    if (what !== 'origin') continue;
    const origin = key.slice(key.indexOf('/') + 1);
    // The rows of the partner's own stream carry their positions themselves.
    if (origin === LIVE) known.set(origin, -1);
    else if (completedAt !== null && completedAt <= knownAt) known.set(origin, completedAt);
  }
  return known;
}

/** Excludes an entry if the review in force on the date disallows it. */
function disallow(sums: Sums, entry: EntryRow, asOf: string, knownAt: Position): void {
  const known = <One extends { readonly position: Position }>(all: readonly One[] = []) =>
    all.filter(({ position }) => position <= knownAt);
  if (reviewOn(known(entry.reviews), asOf)?.outcome !== 'disallowed') return;

  const { family, soldAs } = entry;
  const move = (kind: RevenueAmount['kind'], on: string, usd: string): void => {
    sums.add({ kind, family, soldAs, status: 'counted' }, on, -centsOf(usd));
    sums.add({ kind, family, soldAs, status: 'disallowed' }, on, centsOf(usd));
  };
  move('recorded', entry.recognizedOn, entry.usdAmount.amount);
  for (const { on, usdAmount } of known(entry.reversals)) move('reversed', on, usdAmount.amount);
  for (const { paidOn, usdAmount } of known(entry.payments)) move('paid', paidOn, usdAmount.amount);
}

type AmountClass = Omit<RevenueAmount, 'on' | 'usd'>;

/** The sums of one class, by the date under which they are reported. */
interface OfClass {
  readonly of: AmountClass;
  readonly isByDay: boolean;
  readonly cents: Map<string, Cents>;
}

class Sums {
  private readonly byClass = new Map<string, OfClass>();
  /** Parsed classes by their text in the rows. Their meaning also depends on the origin. */
  private readonly byText: ReadonlyMap<Origin, Map<string, OfClass>>;
  private readonly afterWindow: string;
  private readonly months: readonly [first: string, last: string];

  constructor(
    private readonly window: DaySpan,
    private readonly countable: Countable,
    private readonly knownFrom: ReadonlyMap<Origin, Position>,
  ) {
    this.byText = new Map(
      [...knownFrom.keys()].map((origin) => [origin, new Map<string, OfClass>()]),
    );
    this.afterWindow = addDays(window.through, 1);
    this.months = [monthOf(window.after), monthOf(window.through)];
  }

  /** Adds nothing for an origin that is not known yet. */
  addRow(key: string, row: string): void {
    const [, period = '', origin = ''] = key.split('/');
    const classes = this.byText.get(origin);
    if (!classes) return;
    const side = this.sideOf(period);
    const { cents } = JSON.parse(row) as SumsRow;
    for (const text in cents) {
      let found = classes.get(text);
      if (!found) classes.set(text, (found = this.ofClass(this.classKnown(text, origin))));
      addTo(
        found,
        side ?? (found.isByDay ? period : this.window.through),
        BigInt(cents[text] ?? 0),
      );
    }
  }

  add(amountClass: AmountClass, on: string, cents: Cents): void {
    const found = this.ofClass(amountClass);
    addTo(found, this.sideOf(on) ?? (found.isByDay ? on : this.window.through), cents);
  }

  amounts(): readonly RevenueAmount[] {
    const all: RevenueAmount[] = [];
    for (const { of, cents } of this.byClass.values()) {
      for (const [on, sum] of cents)
        if (sum !== 0n) all.push({ ...of, on, usd: usdOf(sum).amount });
    }
    return all;
  }

  /**
   * The date under which a period outside the window is reported. A period is a day, or a month
   * without a day in the window.
   */
  private sideOf(period: string): string | undefined {
    const { after, through } = this.window;
    if (period.length === MONTH_LENGTH) return period < this.months[0] ? after : this.afterWindow;
    if (period <= after) return after;
    return period > through ? this.afterWindow : undefined;
  }

  private ofClass(of: AmountClass): OfClass {
    const name = `${of.kind} ${of.family} ${of.soldAs} ${of.status}`;
    let found = this.byClass.get(name);
    if (!found)
      this.byClass.set(
        name,
        (found = { of, isByDay: this.dayMatters(of), cents: new Map<string, Cents>() }),
      );
    return found;
  }

  /** Amounts that are excluded on any day are reported as one sum. */
  private dayMatters({ family, soldAs, status }: AmountClass): boolean {
    return (
      status !== 'duplicate' &&
      this.countable.families.includes(family) &&
      this.countable.soldAs.includes(soldAs)
    );
  }

  private classKnown(text: string, origin: Origin): AmountClass {
    const { repeat, ...of } = classOf(text);
    return {
      ...of,
      status: this.cameBefore(repeat, this.knownFrom.get(origin) ?? Infinity)
        ? 'duplicate'
        : 'counted',
    };
  }

  private cameBefore(repeat: Repeat, from: Position): boolean {
    if (repeat.is === 'contested')
      return repeat.by.some((rival) => (this.knownFrom.get(rival) ?? Infinity) < from);
    return repeat.is === 'duplicate';
  }
}

const addTo = ({ cents }: OfClass, on: string, more: Cents): void => {
  cents.set(on, (cents.get(on) ?? 0n) + more);
};

const MONTH_LENGTH = 'YYYY-MM'.length;
