import { LRUCache } from 'lru-cache';
import type { StreamName } from '../../../domain/shared/ids.js';
import type { EventLog, LoggedEvent, Position } from '../../../event-log/event-log.js';
import type { Snapshots } from '../../../read-models/opened-stores.js';
import { type Fold, type Loaded, step } from './fold.js';

/** The state of a stream, with the fold that made it. */
export interface FoldedState extends Loaded<unknown> {
  readonly fold: Fold<unknown>;
  readonly lastEventId: LoggedEvent['id'] | undefined;
  /** Events folded since the last snapshot was read or written. */
  readonly sinceSnapshot: number;
}

const STREAMS_AT_MOST = 25_000;

/**
 * The cache of folded states, with a bounded number of streams; the least recently used goes first.
 * A state that missed an event, or whose fold does not know the event, is dropped too, and read
 * again when it is needed.
 */
export class FoldedStates {
  private readonly states: LRUCache<StreamName, FoldedState>;

  constructor(streamsAtMost = STREAMS_AT_MOST) {
    // A `max` would allocate its arrays at once: 10 ms of a start.
    this.states = new LRUCache({ maxSize: streamsAtMost, sizeCalculation: () => 1 });
  }

  has(stream: StreamName): boolean {
    return this.states.has(stream);
  }

  get(stream: StreamName): FoldedState | undefined {
    return this.states.get(stream);
  }

  set(state: FoldedState): void {
    this.states.set(state.fold.stream, state);
  }

  forget(stream: StreamName): void {
    this.states.delete(stream);
  }

  /**
   * Folds an event into its stream's state. Returns the new state; undefined if the stream has none.
   * `first`: the fold of a stream that begins with this event. Throws what the fold throws.
   */
  follow(event: LoggedEvent, first?: Fold<unknown>): FoldedState | undefined {
    const { stream, revision } = event;
    const before = this.states.peek(stream) ?? (first && emptyState(first));
    if (!before || revision <= before.revision) return undefined;
    this.states.delete(stream);
    if (revision > before.revision + 1) return undefined;
    const after = next(before, event);
    this.states.set(stream, after);
    return after;
  }
}

export const emptyState = (fold: Fold<unknown>): FoldedState => ({
  fold,
  state: fold.initial,
  revision: -1,
  lastEventId: undefined,
  sinceSnapshot: 0,
});

const next = ({ fold, state, sinceSnapshot }: FoldedState, event: LoggedEvent): FoldedState => ({
  fold,
  state: step(fold, state, event),
  revision: event.revision,
  lastEventId: event.id,
  sinceSnapshot: sinceSnapshot + 1,
});

/** Reads and folds the events of a stream that come after a state, up to a position. */
export async function foldOn(
  log: EventLog,
  from: FoldedState,
  upTo?: Position,
): Promise<FoldedState> {
  let folded = from;
  const range = { from: from.revision + 1, ...(upTo === undefined ? {} : { upTo }) };
  for await (const page of log.readStream(from.fold.stream, range)) {
    for (const event of page) folded = next(folded, event);
  }
  return folded;
}

/**
 * The state that folding a stream starts from: a snapshot, if the log has the snapshot's event at
 * its revision (and not after `upTo`); else the initial state.
 */
export async function startOf(
  log: EventLog,
  snapshots: Snapshots | undefined,
  fold: Fold<unknown>,
  upTo?: Position,
): Promise<FoldedState> {
  const empty = emptyState(fold);
  const snapshot =
    fold.snapshotVersion === undefined
      ? undefined
      : await snapshots?.get(fold.stream, fold.snapshotVersion);
  if (!snapshot) return empty;

  const limit = { limit: 1, ...(upTo === undefined ? {} : { upTo }) };
  for await (const [event] of log.readStream(fold.stream, { from: snapshot.revision, ...limit })) {
    if (event?.id !== snapshot.eventId) break;
    return {
      ...empty,
      state: JSON.parse(snapshot.state),
      revision: snapshot.revision,
      lastEventId: event.id,
    };
  }
  return empty;
}
