import { addDays } from './calendar.js';
import { type EventRef, eventRef, type Recorded } from './event.js';
import type { EventId } from './ids.js';
import { earliest, type Malformed, malformed } from './malformed.js';
import { accept, refuse, type Result } from './result.js';
import { isSealed, sameSealed } from './sealed.js';

/**
 * A fact with a beginning and perhaps an end, identified by the event that began it. Calendar dates
 * in UTC. Facts of one kind may overlap: together they are in force on every day that any of them
 * covers.
 */
export interface DatedFact<Value> {
  readonly factId: EventId;
  readonly value: Value;
  /** First day in force; absent: in force from the beginning. */
  readonly from?: string;
  /** Last day in force (the day before an end's `on`); absent: open. */
  readonly to?: string;
  /** A correction reversed it: it was never in force. */
  readonly retracted?: true;
  /** The event that began it, and the latest that ended or corrected it. */
  readonly proofs: readonly EventRef[];
}

/** The dates of a fact as they are stated. */
export interface Dates {
  readonly from?: string;
  readonly to?: string;
}
export interface FactEnd {
  readonly factId: EventId;
  readonly on: string;
  readonly reason: string;
}
export type FactCorrection<Value> = {
  readonly factId: EventId;
  readonly reason: string;
} & ({ readonly value: Value & Dates } | { readonly retracted: true });

export const holdsOn = ({ from, to, retracted }: DatedFact<unknown>, date: string): boolean =>
  !retracted && (from === undefined || from <= date) && (to === undefined || date <= to);

export const inForce = <Value>(
  facts: readonly DatedFact<Value>[],
  date: string,
): readonly DatedFact<Value>[] => facts.filter((fact) => holdsOn(fact, date));

/** The fact on record with the same fields and dates that is not retracted. */
export const existingFact = <Value extends object>(
  facts: readonly DatedFact<Value>[],
  stated: Value & Dates,
): DatedFact<Value> | undefined => facts.find((fact) => !fact.retracted && says(fact, stated));

// --- the effects of events on the facts of one kind

export const startFact = <Value extends object>(
  facts: readonly DatedFact<Value>[],
  event: Recorded<string, Value & Dates>,
): readonly DatedFact<Value>[] => [
  ...facts,
  { factId: event.id, ...valueAndDates(event.data), proofs: [eventRef(event)] },
];

export const endFact = <Value>(
  facts: readonly DatedFact<Value>[],
  event: Recorded<string, FactEnd>,
): readonly DatedFact<Value>[] =>
  replace(facts, event, (fact) => ({ ...fact, to: addDays(event.data.on, -1) }));

/**
 * A correction's value replaces everything before it, an end included; the last in the log wins.
 */
export const correctFact = <Value extends object>(
  facts: readonly DatedFact<Value>[],
  event: Recorded<string, FactCorrection<Value>>,
): readonly DatedFact<Value>[] =>
  replace(facts, event, (fact) =>
    'retracted' in event.data
      ? { ...fact, retracted: true }
      : { factId: fact.factId, ...valueAndDates(event.data.value), proofs: fact.proofs },
  );

// --- the checks of commands on them

export type FactRefusal =
  | { readonly code: 'fact-unknown' }
  | { readonly code: 'fact-not-open' }
  | { readonly code: 'fact-ambiguous'; readonly factIds: readonly EventId[] }
  | Malformed;

/** A fact that would end before it begins is malformed. */
export const datesFault = ({ from, to }: Dates, path = ''): FactRefusal | undefined =>
  from !== undefined && to !== undefined && to < from
    ? malformed(`${path}/to`, earliest(from))
    : undefined;

/** The fact that an end refers to: the named one, or the only one that covers the day. */
export function factToEnd(
  facts: readonly DatedFact<unknown>[],
  { on, factId }: { readonly on: string; readonly factId?: EventId | undefined },
): Result<EventId, FactRefusal> {
  if (factId !== undefined) return namedFactToEnd(facts, on, factId);

  const open = inForce(facts, on);
  const [only] = open;
  if (!only) return refuse({ code: 'fact-not-open' });
  return open.length === 1
    ? accept(only.factId)
    : refuse({ code: 'fact-ambiguous', factIds: open.map((fact) => fact.factId) });
}

function namedFactToEnd(
  facts: readonly DatedFact<unknown>[],
  on: string,
  factId: EventId,
): Result<EventId, FactRefusal> {
  const fact = facts.find((candidate) => candidate.factId === factId);
  if (!fact) return refuse({ code: 'fact-unknown' });
  if (fact.retracted) return refuse({ code: 'fact-not-open' });
  if (fact.from !== undefined && on < fact.from)
    return refuse(malformed('/on', earliest(fact.from)));
  return holdsOn(fact, on) ? accept(factId) : refuse({ code: 'fact-not-open' });
}

/** Whether a correction would change anything. */
export function factToCorrect<Value extends object>(
  facts: readonly DatedFact<Value>[],
  factId: EventId,
  value: (Value & Dates) | 'retracted',
): Result<'changes' | 'nothing-changes', FactRefusal> {
  const fact = facts.find((candidate) => candidate.factId === factId);
  if (!fact) return refuse({ code: 'fact-unknown' });
  if (value === 'retracted') return accept(fact.retracted ? 'nothing-changes' : 'changes');

  const fault = datesFault(value, '/value');
  if (fault) return refuse(fault);
  return accept(!fact.retracted && says(fact, value) ? 'nothing-changes' : 'changes');
}

function replace<Value>(
  facts: readonly DatedFact<Value>[],
  event: Recorded<string, { readonly factId: EventId }>,
  change: (fact: DatedFact<Value>) => DatedFact<Value>,
): readonly DatedFact<Value>[] {
  return facts.map((fact) => {
    if (fact.factId !== event.data.factId) return fact;
    return { ...change(fact), proofs: [...fact.proofs.slice(0, 1), eventRef(event)] };
  });
}

function valueAndDates<Value extends object>(
  stated: Value & Dates,
): { readonly value: Value } & Dates {
  const { from, to, ...value } = stated;
  // The compiler cannot see that a value without its dates is the value; no kind of fact has a
  // field of these names.
  return {
    value: value as unknown as Value,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function says<Value extends object>(fact: DatedFact<Value>, stated: Value & Dates): boolean {
  const other = valueAndDates(stated);
  return fact.from === other.from && fact.to === other.to && sameFields(fact.value, other.value);
}

function sameFields(a: object, b: object): boolean {
  const left = new Map<string, unknown>(Object.entries(a));
  const right = new Map<string, unknown>(Object.entries(b));
  return [...new Set([...left.keys(), ...right.keys()])].every((field) =>
    sameField(left.get(field), right.get(field)),
  );
}

const sameField = (a: unknown, b: unknown): boolean =>
  isSealed(a) && isSealed(b) ? sameSealed(a, b) : a === b;
