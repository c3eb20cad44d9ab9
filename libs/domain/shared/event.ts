import type { EventId, StreamName } from './ids.js';

/** An event as the log gives it back: what happened, and where that is written. */
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

/** An event that a decision wants to append. */
export type Proposed<E extends Recorded> =
  E extends Recorded<infer Type, infer Data> ? { readonly type: Type; readonly data: Data } : never;

/** Where a fact is written: what an auditor opens to see it proved. */
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

/** Closes a switch over a union: a forgotten case is a compile error. */
export function unreachable(value: never): never {
  throw new TypeError(`unexpected ${JSON.stringify(value)}`);
}

/**
 * A proposed event as if it were recorded already, to decide what follows from it in the same
 * command. Never written anywhere.
 */
export const assumed = <E extends Recorded>({ type, data }: Proposed<E>): E =>
  // The fields that only the log can give are empty: an assumed event proves nothing.
  ({ id: '', type, version: 1, stream: '', revision: -1, recordedAt: '', data }) as unknown as E;
