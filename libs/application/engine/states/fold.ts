import type { Recorded } from '../../../domain/shared/event.js';
import type { StreamName } from '../../../domain/shared/ids.js';
import { upcast } from '../../../event-log/catalogue/catalogue.js';
import type { LoggedEvent } from '../../../event-log/event-log.js';

/** A stream with the function that folds its events into a state. */
export interface Fold<State, E extends Recorded = Recorded> {
  readonly stream: StreamName;
  readonly initial: State;
  /**
   * Changes when the same events would give another state: snapshots of an older version are not
   * read. Absent: no snapshots are kept (the state is not plain data, or the stream stays short).
   */
  readonly snapshotVersion?: number;
  /** The events are not read: only the revision of a long stream is needed. */
  readonly revisionOnly?: true;
  /**
   * Whether the record that the stream is about exists: events of others may come before it (a
   * tenant that is not a customer yet). Absent: it exists when the stream does.
   */
  exists?(state: State): boolean;
  evolve(state: State, event: E): State;
}

/** A stream's state, and the revision of the last event in it (−1: the stream does not exist). */
export interface Loaded<State> {
  readonly state: State;
  readonly revision: number;
}

/** Folds one event. Throws UnknownEvent for one that this build does not know. */
export const step = <State, E extends Recorded>(
  fold: Fold<State, E>,
  state: State,
  event: LoggedEvent,
): State =>
  // The catalogue has checked the event, and its stream determines its union.
  fold.evolve(state, upcast(event) as unknown as E);

/** The fold of a stream, by the stream's name; undefined for a stream that has no state. */
export type FoldOf = (stream: StreamName) => Fold<unknown> | undefined;

/** A fold for a stream of which only the revision is needed. */
export const revisionFold = <E extends Recorded>(stream: StreamName): Fold<undefined, E> => ({
  stream,
  initial: undefined,
  revisionOnly: true,
  evolve: () => undefined,
});
