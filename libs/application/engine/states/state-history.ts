import { LRUCache } from 'lru-cache';
import type { StreamName } from '../../../domain/shared/ids.js';
import type { EventLog, Position } from '../../../event-log/event-log.js';
import { type Fold, step } from './fold.js';

/** The state of a stream from one of its events on. */
export interface StateFrom<State> {
  readonly position: Position;
  readonly state: State;
}

interface History {
  readonly states: readonly StateFrom<unknown>[];
  /** The log has been read up to this position. */
  readonly through: Position;
}

const STREAMS_AT_MOST = 5_000;

/**
 * Every state that a short stream has had, with its place in the log. The past never changes, so a
 * history is only read on from its end.
 */
export class StateHistory {
  // A `max` would allocate its arrays at once, of this size.
  private readonly cached = new LRUCache<StreamName, History>({
    maxSize: STREAMS_AT_MOST,
    sizeCalculation: () => 1,
  });

  constructor(private readonly log: EventLog) {}

  /** The states of the stream whose events are at `knownAt` or before it. */
  async upTo<State>(fold: Fold<State>, knownAt: Position): Promise<readonly StateFrom<State>[]> {
    const { stream } = fold;
    const cached = this.cached.get(stream);
    const history =
      cached && cached.through >= knownAt ? cached : await this.readOn(fold, cached, knownAt);
    // A stream has one fold, so the states of its history are that fold's.
    const states = history.states as readonly StateFrom<State>[];
    return history.through === knownAt
      ? states
      : states.filter(({ position }) => position <= knownAt);
  }

  private async readOn<State>(
    fold: Fold<State>,
    before: History | undefined,
    through: Position,
  ): Promise<History> {
    const states = [...(before?.states ?? [])];
    // see upTo
    let state = (states.at(-1)?.state as State | undefined) ?? fold.initial;
    for await (const page of this.log.readStream(fold.stream, {
      from: states.length,
      upTo: through,
    })) {
      for (const event of page) {
        state = step(fold, state, event);
        states.push({ position: event.position, state });
      }
    }
    const history = { states, through };
    const other = this.cached.get(fold.stream);
    if (!other || other.through < through) this.cached.set(fold.stream, history);
    return history;
  }
}
