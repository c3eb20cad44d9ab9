import type { Sealed } from '../../domain/shared/sealed.js';
import type { Position } from '../../event-log/event-log.js';

/** A piece of a subject's state, with the position of the event from which it is known. */
export type Piece<Value = unknown> = readonly [since: Position, value: Value];

/**
 * A subject's state as lists by name, each in the log's order. A field with one value is a list of
 * one.
 */
export type Lists = Readonly<Record<string, readonly unknown[]>>;

/** The newest version of a subject, stored under the subject's key. */
export interface CurrentRow {
  readonly subject: string;
  /** The position of the subject's first event. Subjects are paged in this order. */
  readonly position: Position;
  /** The position of the last event that changed the state. */
  readonly since: Position;
  readonly lists: Readonly<Record<string, readonly Piece[]>>;
}

/** The pieces that one event replaced. They were known up to the position before it. */
export interface ReplacedRow {
  readonly subject: string;
  /** The position of the event that replaced them. */
  readonly until: Position;
  readonly pieces: readonly (readonly [
    list: string,
    index: number,
    since: Position,
    value: unknown,
  ])[];
}

/**
 * Versions of a state, one for each event, stored as the pieces that each event added and replaced.
 * A version consists of the pieces known at its position. So a subject's rows grow linearly with
 * its events, not with their square, even if its lists are long.
 */
export interface Versioning<State, E> {
  readonly initial: (subject: string) => State;
  /**
   * The domain's fold. It must return the same object for a piece that an event does not change; it
   * appends pieces or replaces them in their place.
   */
  readonly evolve: (state: State, event: E) => State;
  readonly split: (state: State) => Lists;
  /** The inverse of `split`, applied to the initial state. */
  readonly join: (initial: State, lists: Lists) => State;
}

export interface Advanced {
  /** The same row if the event changes nothing. */
  readonly current: CurrentRow | undefined;
  readonly replaced?: ReplacedRow;
}

/** The effect of an event on its subject's newest version. */
export function advance<State, E>(
  versioning: Versioning<State, E>,
  subject: string,
  row: CurrentRow | undefined,
  event: E & { readonly position: Position },
): Advanced {
  const before = stateOf(versioning, subject, row);
  const after = versioning.evolve(before, event);
  if (after === before) return { current: row };

  const { lists, pieces, changed } = versionOf(row, versioning.split(after), event.position);
  if (!changed) return { current: row };
  const current: CurrentRow = {
    subject,
    position: row?.position ?? event.position,
    since: event.position,
    lists,
  };
  return pieces.length === 0
    ? { current }
    : { current, replaced: { subject, until: event.position, pieces } };
}

/**
 * The pieces of the next version, of which unchanged ones keep their position; and the pieces that
 * it no longer has.
 */
function versionOf(row: CurrentRow | undefined, values: Lists, position: Position) {
  const lists: Record<string, readonly Piece[]> = {};
  const pieces: ReplacedRow['pieces'][number][] = [];
  let changed = false;
  for (const [list, next] of Object.entries(values)) {
    const old = row?.lists[list] ?? [];
    const kept = next.map((value, index): Piece =>
      old[index]?.[1] === value ? (old[index] ?? [position, value]) : [position, value],
    );
    for (const [index, piece] of old.entries())
      if (kept[index] !== piece) pieces.push([list, index, ...piece]);
    changed ||= kept.length !== old.length || kept.some((piece, index) => piece !== old[index]);
    if (kept.length > 0) lists[list] = kept;
  }
  return { lists, pieces, changed };
}

/** A subject's newest state; the initial state without a row. */
export const stateOf = <State>(
  versioning: Pick<Versioning<State, never>, 'initial' | 'join'>,
  subject: string,
  row?: CurrentRow,
): State => {
  const initial = versioning.initial(subject);
  return row ? versioning.join(initial, valuesOf(row.lists)) : initial;
};

/**
 * The subject's state as it was known at a position, restored from the pieces that were replaced
 * after it.
 */
export function stateAt<State>(
  versioning: Pick<Versioning<State, never>, 'initial' | 'join'>,
  row: CurrentRow,
  replaced: readonly ReplacedRow[],
  at: Position,
): State {
  if (row.since <= at) return stateOf(versioning, row.subject, row);

  const known = new Map<string, unknown[]>();
  const put = (list: string, index: number, value: unknown): void => {
    const values = known.get(list) ?? [];
    values[index] = value;
    known.set(list, values);
  };
  for (const [list, pieces] of Object.entries(row.lists))
    for (const [index, [since, value]] of pieces.entries())
      if (since <= at) put(list, index, value);
  for (const { until, pieces } of replaced) {
    if (until > at)
      for (const [list, index, since, value] of pieces) if (since <= at) put(list, index, value);
  }
  return versioning.join(versioning.initial(row.subject), Object.fromEntries(known));
}

const valuesOf = (lists: CurrentRow['lists']): Lists =>
  Object.fromEntries(
    Object.entries(lists).map(([list, pieces]) => [list, pieces.map(([, value]) => value)]),
  );

/** Replaces a sealed value in versions: read models store no personal data, not even sealed. */
export const omittedSeal: Sealed = {
  sealed: 1,
  subject: '',
  generation: 0,
  iv: '',
  box: '',
  mac: '',
};
