import { addDays } from '../../domain/shared/calendar.js';
import type { Dates, FactCorrection, FactEnd } from '../../domain/shared/dated-fact.js';
import type { EventId } from '../../domain/shared/ids.js';
import type { RowFact } from '../rows.js';

type Started<Value> = { readonly id: EventId; readonly data: Value & Dates };

/**
 * The facts of one kind in a row, after one of them began, ended or was corrected. An unknown fact
 * changes nothing.
 */
export const started = <Value extends object, Fact extends RowFact & Value>(
  facts: readonly Fact[],
  { id, data }: Started<Value>,
): readonly Fact[] =>
  // A fact of the row is its value, its dates and the id of the event that began it.
  [...facts, { ...data, factId: id } as unknown as Fact];

/** An end's `on` is the first day on which the fact is no longer in force. */
export const ended = <Fact extends RowFact>(
  facts: readonly Fact[],
  { factId, on }: FactEnd,
): readonly Fact[] => replaced(facts, factId, (fact) => ({ ...fact, to: addDays(on, -1) }));

/** The last correction in the log wins as a whole: one after a retraction restores the fact. */
export const corrected = <Value extends object, Fact extends RowFact & Value>(
  facts: readonly Fact[],
  correction: FactCorrection<Value>,
): readonly Fact[] =>
  replaced(facts, correction.factId, (fact) =>
    'retracted' in correction
      ? { ...fact, retracted: true }
      : ({ ...correction.value, factId: fact.factId } as unknown as Fact),
  );

const replaced = <Fact extends RowFact>(
  facts: readonly Fact[],
  factId: EventId,
  by: (fact: Fact) => Fact,
): readonly Fact[] => facts.map((fact) => (fact.factId === factId ? by(fact) : fact));

/**
 * The row with the changed fields: `null` clears a field, and an absent field remains. Only the
 * listed fields are copied.
 */
export function withDetails<R extends object, Field extends string & keyof R>(
  row: R,
  changed: { readonly [F in Field]?: R[F] | null },
  fields: readonly Field[],
): R {
  const cleared = fields.filter((field) => changed[field] === null);
  const set = fields.filter((field) => changed[field] !== undefined && changed[field] !== null);
  const kept = Object.entries(row).filter(([name]) => !cleared.some((field) => field === name));
  // Fields cleared with `null` are optional in R.
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(set.map((field) => [field, changed[field]])),
  } as R;
}
