import { type Cycle, cycleOn, daysLeft } from '../terms/cycle.js';
import { cyclesPerTerm, type Term } from '../terms/term.js';

/** The names of Microsoft's reconciliation file. */
export type ChargeType =
  | 'new'
  | 'renew'
  | 'cycleCharge'
  | 'addQuantity'
  | 'removeQuantity'
  | 'cancelImmediate'
  | 'oneTime';

/**
 * A charge or credit without its price: the same for the cost and for the price of every relation.
 * The amount is term price × quantity × `days` ÷ (`cycles` × `cycleDays`).
 */
export interface ChargeBasis {
  readonly type: ChargeType;
  readonly half: 'charge' | 'credit';
  readonly from: string;
  /** Last day, included. */
  readonly to: string;
  /** The day on which it falls due: the start of the cycle, or the day of the change. */
  readonly date: string;
  readonly quantity: number;
  readonly days: number;
  readonly cycleDays: number;
  readonly cycles: number;
}

/** The charge of one cycle. A short first cycle of an imported term is charged by its days. */
export function cycleCharge(
  type: 'new' | 'renew' | 'cycleCharge',
  term: Term,
  cycle: Cycle,
  quantity: number,
): ChargeBasis {
  return {
    type,
    half: 'charge',
    ...restOfCycle(term, cycle, cycle.from),
    date: cycle.from,
    quantity,
  };
}

/**
 * A change of quantity inside a cycle: the old quantity is credited and the new one charged, both
 * from the day of the change to the end of the cycle.
 */
export function quantityChange(
  term: Term,
  day: string,
  before: number,
  after: number,
): readonly [ChargeBasis, ChargeBasis] {
  const type = after > before ? 'addQuantity' : 'removeQuantity';
  const rest = { type, ...restOfCycle(term, cycleAt(term, day), day), date: day } as const;
  return [
    { ...rest, half: 'credit', quantity: before },
    { ...rest, half: 'charge', quantity: after },
  ];
}

/** The day of the cancellation is credited too. */
export const cancellationCredit = (term: Term, day: string, quantity: number): ChargeBasis => ({
  type: 'cancelImmediate',
  half: 'credit',
  ...restOfCycle(term, cycleAt(term, day), day),
  date: day,
  quantity,
});

/** Perpetual software and other purchases without a term, charged on the order's date. */
export const oneTimeCharge = (orderedOn: string, quantity: number): ChargeBasis => ({
  type: 'oneTime',
  half: 'charge',
  ...wholePrice(orderedOn),
  date: orderedOn,
  quantity,
});

/** A cancelled one-time purchase is credited in full, for the day on which it was charged. */
export const oneTimeCredit = (
  orderedOn: string,
  quantity: number,
  cancelledOn: string,
): ChargeBasis => ({
  type: 'cancelImmediate',
  half: 'credit',
  ...wholePrice(orderedOn),
  date: cancelledOn,
  quantity,
});

const wholePrice = (day: string) => ({ from: day, to: day, days: 1, cycleDays: 1, cycles: 1 });

const restOfCycle = (term: Term, cycle: Cycle, day: string) => ({
  from: day,
  to: cycle.to,
  days: daysLeft(cycle, day),
  cycleDays: cycle.days,
  cycles: cyclesPerTerm(term),
});

function cycleAt(term: Term, day: string): Cycle {
  const cycle = cycleOn(term, day);
  if (!cycle) throw new RangeError(`${day} is outside the term ${term.from} to ${term.to}`);
  return cycle;
}
