import type { Proof } from './event.js';
import type { EventId } from './ids.js';

/**
 * A fact with a beginning and perhaps an end, known by the event that began it. Calendar dates in UTC.
 * Facts of one kind may overlap: together they are in force on every day that any of them covers.
 */
export interface DatedFact<Value> {
  readonly factId: EventId;
  readonly value: Value;
  /** First day in force; absent: in force from the beginning. */
  readonly from?: string;
  /** Last day in force (the day before an end's `on`); absent: open. */
  readonly to?: string;
  /** A correction took it back: it never held. */
  readonly retracted?: true;
  /** The event that began it, and the latest that ended or corrected it. */
  readonly proofs: readonly Proof[];
}
