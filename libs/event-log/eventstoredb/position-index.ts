import type { CommandId, EventId, StreamName } from '../../domain/shared/ids.js';
import type { Position } from '../event-log.js';

/**
 * The position of an event in EventStoreDB's `$all`, compared as (commit, prepare). Used only in
 * this folder and by the stores of the index.
 */
export interface AllPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/**
 * A row of the index: what the log needs of an event to know its dense position without counting
 * again. The event itself stays in EventStoreDB.
 */
export interface IndexRow extends AllPosition {
  readonly position: Position;
  readonly eventId: EventId;
  readonly stream: StreamName;
  readonly revision: number;
  readonly type: string;
  readonly commandId: CommandId;
  /** The event's index among those of its command. */
  readonly commandIndex: number;
  /** Running maximum of `recordedAt` up to and with this event, in milliseconds since the epoch. */
  readonly recordedThroughMs: number;
}

/**
 * The events of the log by dense position, stored beside the read models. Every process derives the
 * same rows from `$all`, so any process can add them. Rows are added in order and without a gap.
 */
export abstract class PositionIndex {
  abstract last(): Promise<IndexRow | undefined>;
  /**
   * Adds rows (contiguous, ascending) after the row at `rows[0].position - 1`, whose event must be
   * `follows` (undefined: the index is empty). Leaves existing rows unchanged. `differs`: the index
   * is of another log; nothing was written.
   */
  abstract add(
    rows: readonly IndexRow[],
    follows: EventId | undefined,
  ): Promise<'added' | 'differs'>;
  abstract at(position: Position): Promise<IndexRow | undefined>;
  /** Rows of a stream with revisions from … through (inclusive), ascending. */
  abstract ofStream(
    stream: StreamName,
    from: number,
    through: number,
  ): Promise<readonly IndexRow[]>;
  /** Ordered by index in the command. */
  abstract ofCommand(commandId: CommandId): Promise<readonly IndexRow[]>;
  /**
   * Rows after `after` up to `through` (inclusive) with these types and streams, ascending, at most
   * `limit`.
   */
  abstract matching(
    filter: { readonly types?: readonly string[]; readonly streams?: readonly StreamName[] },
    after: Position,
    through: Position,
    limit: number,
  ): Promise<readonly IndexRow[]>;
  /** The last position whose `recordedThroughMs` is not later than this; −1 if none. */
  abstract positionAt(recordedAtMs: number): Promise<Position>;
  /**
   * Deletes all rows, because the index is of another log or of one that was restored since. Also
   * deletes what else was derived from that log: snapshots and the checkpoints of processes. The
   * projections answer no queries until they are rebuilt.
   */
  abstract clear(): Promise<void>;
}

/**
 * The server counts in signed 64 bits. Releases 24.10.0 to 24.10.4 can send 2^64 − 1 as a
 * checkpoint; a subscription that resumed there would receive nothing.
 */
const LAST_POSITION = 2n ** 63n - 1n;

export const isPlausible = ({ commit, prepare }: AllPosition): boolean =>
  commit <= LAST_POSITION && prepare <= LAST_POSITION;

/** Negative when `a` is before `b`: by commit position, then by prepare position. */
export function comparePositions(a: AllPosition, b: AllPosition): number {
  const [left, right] = a.commit === b.commit ? [a.prepare, b.prepare] : [a.commit, b.commit];
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * The rows that the index does not have yet. `there`: the index's events from the one before the
 * first row through the last. `differs`: the index has another event at one of these positions, or
 * ends before them.
 */
export function rowsToAdd(
  rows: readonly IndexRow[],
  follows: EventId | undefined,
  there: ReadonlyMap<Position, EventId>,
): readonly IndexRow[] | 'differs' {
  assertContiguous(rows, follows);
  const before = there.get((rows[0]?.position ?? 0) - 1);
  if (before !== follows) return 'differs';
  const repeated = rows.filter(({ position }) => there.has(position));
  if (repeated.some(({ position, eventId }) => there.get(position) !== eventId)) return 'differs';
  return rows.filter(({ position }) => !there.has(position));
}

/** A gap in the index would make every later position wrong. */
function assertContiguous(rows: readonly IndexRow[], follows: EventId | undefined): void {
  const [first] = rows;
  if (first && (first.position === 0) !== (follows === undefined)) {
    throw new Error(
      `rows of the log's index from position ${first.position} follow ${follows ?? 'nothing'}`,
    );
  }
  const gap = rows.find(({ position }, index) => position !== (first?.position ?? 0) + index);
  if (gap) throw new Error(`rows of the log's index have a gap before position ${gap.position}`);
}

/** The index in memory: for tests, and for short commands that count the log once and exit. */
export class MemoryPositionIndex extends PositionIndex {
  private rows: IndexRow[] = [];
  private readonly streams = new Map<StreamName, IndexRow[]>();
  private readonly commands = new Map<CommandId, IndexRow[]>();

  async last(): Promise<IndexRow | undefined> {
    return this.rows.at(-1);
  }

  async add(rows: readonly IndexRow[], follows: EventId | undefined): Promise<'added' | 'differs'> {
    const [first] = rows;
    if (!first) return 'added';
    const there = this.rows.slice(
      Math.max(0, first.position - 1),
      (rows.at(-1)?.position ?? 0) + 1,
    );
    const adding = rowsToAdd(
      rows,
      follows,
      new Map(there.map((row) => [row.position, row.eventId])),
    );
    if (adding === 'differs') return 'differs';
    for (const row of adding) this.insert(row);
    return 'added';
  }

  async at(position: Position): Promise<IndexRow | undefined> {
    return this.rows[position];
  }

  async ofStream(stream: StreamName, from: number, through: number): Promise<readonly IndexRow[]> {
    return (this.streams.get(stream) ?? []).filter(
      ({ revision }) => revision >= from && revision <= through,
    );
  }

  async ofCommand(commandId: CommandId): Promise<readonly IndexRow[]> {
    return (this.commands.get(commandId) ?? []).toSorted((a, b) => a.commandIndex - b.commandIndex);
  }

  async matching(
    {
      types,
      streams,
    }: { readonly types?: readonly string[]; readonly streams?: readonly StreamName[] },
    after: Position,
    through: Position,
    limit: number,
  ): Promise<readonly IndexRow[]> {
    const matched: IndexRow[] = [];
    for (let position = after + 1; position <= through && matched.length < limit; position++) {
      const row = this.rows[position];
      if (row && (types?.includes(row.type) ?? true) && (streams?.includes(row.stream) ?? true))
        matched.push(row);
    }
    return matched;
  }

  async positionAt(recordedAtMs: number): Promise<Position> {
    return this.rows.findLastIndex(({ recordedThroughMs }) => recordedThroughMs <= recordedAtMs);
  }

  async clear(): Promise<void> {
    this.rows = [];
    this.streams.clear();
    this.commands.clear();
  }

  private insert(row: IndexRow): void {
    this.rows.push(row);
    for (const [lists, key] of [
      [this.streams, row.stream] as const,
      [this.commands, row.commandId] as const,
    ]) {
      const list = (lists as Map<string, IndexRow[]>).get(key) ?? [];
      list.push(row);
      (lists as Map<string, IndexRow[]>).set(key, list);
    }
  }
}
