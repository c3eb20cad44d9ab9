import { reviewOn } from '../../domain/qualification/revenue-entry.js';
import type { DaySpan } from '../../domain/qualification/revenue-window.js';
import type { RevenueAmount } from '../../domain/qualification/revenue.js';
import { type Cents, centsOf, usdOf } from '../../domain/qualification/usd-cents.js';
import { addDays, monthOf } from '../../domain/shared/calendar.js';
import type { Position } from '../../event-log/event-log.js';
import { type EntryRow, LIVE, type Origin, type SumsRow } from '../projections/revenue/revenue-tables.js';
import { classOf, type Repeat, type SumClass } from '../projections/revenue/sum-class.js';
import type { RevenueRowFound } from '../queries/revenue-rows.js';

export interface AskedAmounts {
  readonly asOf: string;
  readonly window: DaySpan;
  readonly knownAt: Position;
}

/** What a partner's rows come to. */
export function amountsOf(rows: readonly RevenueRowFound[], { asOf, window, knownAt }: AskedAmounts): readonly RevenueAmount[] {
  const knownFrom = originsKnown(rows, knownAt);
  const classes = new Classes(knownFrom);
  const amounts = new Amounts(window);
  for (const { what, key, row } of rows) {
    if (row === null) continue;
    // The projection wrote the rows in these types.
    if (what === 'disallowed') disallow(amounts, JSON.parse(row) as EntryRow, asOf, knownAt);
    else {
      const [, period = '', origin = ''] = key.split('/');
      const from = knownFrom.get(origin);
      if (from === undefined) continue;
      const { cents } = JSON.parse(row) as SumsRow;
      for (const [text, sum] of Object.entries(cents)) amounts.add(classes.of(text, origin, from), period, BigInt(sum));
    }
  }
  return amounts.all();
}

/** From which position on an origin's rows are known; what has not begun or ended by then is not there. */
function originsKnown(rows: readonly RevenueRowFound[], knownAt: Position): ReadonlyMap<Origin, Position> {
  const known = new Map<Origin, Position>();
  for (const { what, key, completedAt } of rows) {
    if (what !== 'origin') continue;
    const origin = key.slice(key.indexOf('/') + 1);
    // Of the partner's own stream the rows themselves tell what was known.
    if (origin === LIVE) known.set(origin, -1);
    else if (completedAt !== null && completedAt <= knownAt) known.set(origin, completedAt);
  }
  return known;
}

type AmountClass = Omit<RevenueAmount, 'on' | 'usd'>;

/** The few classes that there are, each worked out once. */
class Classes {
  private readonly known = new Map<string, AmountClass>();

  constructor(private readonly knownFrom: ReadonlyMap<Origin, Position>) {}

  of(text: string, origin: Origin, from: Position): AmountClass {
    const name = `${origin} ${text}`;
    let found = this.known.get(name);
    if (!found) this.known.set(name, (found = this.amountClass(classOf(text), from)));
    return found;
  }

  private amountClass({ kind, family, soldAs, repeat }: SumClass, from: Position): AmountClass {
    return { kind, family, soldAs, standing: this.cameBefore(repeat, from) ? 'duplicate' : 'counted' };
  }

  private cameBefore(repeat: Repeat, from: Position): boolean {
    if (repeat.is === 'contested') return repeat.by.some((rival) => (this.knownFrom.get(rival) ?? Infinity) < from);
    return repeat.is === 'duplicate';
  }
}

/** Takes an entry out of what counts, if the review in force on the date says so. */
function disallow(amounts: Amounts, entry: EntryRow, asOf: string, knownAt: Position): void {
  const known = <One extends { readonly position: Position }>(all: readonly One[] = []) =>
    all.filter(({ position }) => position <= knownAt);
  if (reviewOn(known(entry.reviews), asOf)?.outcome !== 'disallowed') return;

  const { family, soldAs } = entry;
  const move = (kind: RevenueAmount['kind'], on: string, usd: string): void => {
    amounts.add({ kind, family, soldAs, standing: 'counted' }, on, -centsOf(usd));
    amounts.add({ kind, family, soldAs, standing: 'disallowed' }, on, centsOf(usd));
  };
  move('recorded', entry.recognizedOn, entry.usdAmount.amount);
  for (const { on, usdAmount } of known(entry.reversals)) move('reversed', on, usdAmount.amount);
  for (const { paidOn, usdAmount } of known(entry.payments)) move('paid', paidOn, usdAmount.amount);
}

class Amounts {
  private readonly byClass = new Map<string, { readonly of: AmountClass; readonly cents: Map<string, Cents> }>();
  private readonly behind: string;

  constructor(private readonly window: DaySpan) {
    this.behind = addDays(window.through, 1);
  }

  /** The period is a day, or a month that lies outside the window with all its days. */
  add(of: AmountClass, period: string, cents: Cents): void {
    const name = `${of.kind} ${of.family} ${of.soldAs} ${of.standing}`;
    let sums = this.byClass.get(name);
    if (!sums) this.byClass.set(name, (sums = { of, cents: new Map() }));
    const on = this.dateOf(of, period);
    sums.cents.set(on, (sums.cents.get(on) ?? 0n) + cents);
  }

  all(): readonly RevenueAmount[] {
    const all: RevenueAmount[] = [];
    for (const { of, cents } of this.byClass.values()) {
      for (const [on, sum] of cents) if (sum !== 0n) all.push({ ...of, on, usd: usdOf(sum).amount });
    }
    return all;
  }

  private dateOf(of: AmountClass, period: string): string {
    const { after, through } = this.window;
    if (period.length === MONTH_LENGTH) return period < monthOf(after) ? after : this.behind;
    if (period <= after) return after;
    if (period > through) return this.behind;
    return countsByDay(of) ? period : through;
  }
}

const MONTH_LENGTH = 'YYYY-MM'.length;

/** Whether a day can matter: what is excluded whatever its day is told as one sum. */
const countsByDay = ({ family, soldAs, standing }: AmountClass): boolean =>
  standing === 'counted' && family !== 'partner-owned' && soldAs !== 'indirect-provider';
