import type { EventId, StreamName } from './ids.js';

/** An event as read from the log: what happened, and where it is recorded. */
export interface Recorded<Type extends string = string, Data = unknown> {
  readonly id: EventId;
  readonly type: Type;
  readonly version: number;
  readonly stream: StreamName;
  readonly revision: number;
  /** When it was appended: RFC 3339 in UTC, three decimals. */
  readonly recordedAt: string;
  readonly data: Data;
}

/** An event that a decision proposes to append. */
export type Proposed<E extends Recorded> =
  E extends Recorded<infer Type, infer Data> ? { readonly type: Type; readonly data: Data } : never;

/** Refers to the event that records a fact: an auditor opens it as evidence. */
export interface EventRef {
  readonly stream: StreamName;
  readonly revision: number;
  readonly eventId: EventId;
}

export const eventRef = ({ stream, revision, id }: Recorded): EventRef => ({
  stream,
  revision,
  eventId: id,
});

/** Makes a switch over a union exhaustive: a forgotten case is a compile error. */
export function unreachable(value: never): never {
  throw new TypeError(`unexpected ${JSON.stringify(value)}`);
}

/**
 * A proposed event in the form of a recorded one, to decide what follows from it in the same
 * command. It is never stored.
 */
export const assumed = <E extends Recorded>({ type, data }: Proposed<E>): E =>
  // The fields that only the log can assign are empty: no event reference is made of this one.
  ({ id: '', type, version: 1, stream: '', revision: -1, recordedAt: '', data }) as unknown as E;
