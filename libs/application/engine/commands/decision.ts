import type { Proposed, Recorded } from '../../../domain/shared/event.js';
import type { EventId, StreamName } from '../../../domain/shared/ids.js';
import { accept, type Result } from '../../../domain/shared/result.js';
import type { Guard, LoggedEvent, Position } from '../../../event-log/event-log.js';
import type { Loaded } from '../states/fold.js';

/** The result of a decision, before it is committed. No events: nothing changes. */
export interface Decided<E extends Recorded> {
  readonly events: readonly Proposed<E>[];
  /** The other streams that the decision read, each at the revision that it saw. */
  readonly guards?: readonly Guard[];
  /** Appends to other streams that must come before this one. It may run several times. */
  readonly first?: () => Promise<void>;
  /** If nothing changes: the id of the fact that already states the same. */
  readonly held?: EventId | undefined;
}

export type Decide<State, E extends Recorded, Refusal> = (
  target: Loaded<State>,
) => Promise<Result<Decided<E>, Refusal>> | Result<Decided<E>, Refusal>;

/** Accepts a decision with these events. */
export const decided = <E extends Recorded>(
  events: readonly Proposed<E>[],
  guards?: readonly Guard[],
): Result<Decided<E>, never> => accept(guards ? { events, guards } : { events });

/** An event of a target stream, with its place in the log. */
export type Logged<E extends Recorded> = E & LoggedEvent;

export interface Committed<E extends Recorded = Recorded> {
  readonly kind: 'committed';
  readonly events: readonly Logged<E>[];
  /** The key had been used for this request before: these are the first answer's events. */
  readonly replayed: boolean;
  /** The request's personal data has been erased since, so the repeat could not be compared. */
  readonly erased: boolean;
  /** The position and revision of the last event: the answer's `Log-Position` and ETag. */
  readonly position: Position;
  readonly revision: number;
}

/**
 * The outcome of a command. Conflicts that the client can resolve by repeating or changing the
 * request are thrown (`failures.ts`).
 */
export type Outcome<Refusal, E extends Recorded = Recorded> =
  | Committed<E>
  /** `held` is the fact that already states the same. */
  | {
      readonly kind: 'unchanged';
      readonly position: Position;
      readonly revision: number;
      readonly held?: EventId;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly position: Position };

/** What the engine has to know of the application's records. */
export interface DecisionsOptions {
  /** Codes of refusals that say "no such record": they come before a precondition (404, then 412). */
  readonly unknownTargetCodes: ReadonlySet<string>;
  /** The stream of the record that a personal-data key belongs to. */
  readonly streamOfSubject: (subject: string) => StreamName;
}
