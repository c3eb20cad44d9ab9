import type { CommandId, EventId, StreamName } from '../../domain/shared/ids.js';
import type { Position } from '../event-log.js';

/**
 * Where an event lies in EventStoreDB's `$all`. Compared as (commit, prepare). Never leaves this
 * folder and what keeps the index.
 */
export interface AllPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/**
 * What is kept of an event so that the dense positions need not be counted again. The event itself
 * stays in EventStoreDB.
 */
export interface IndexedEvent extends AllPosition {
  readonly position: Position;
  readonly eventId: EventId;
  readonly stream: StreamName;
  readonly revision: number;
  readonly type: string;
  readonly commandId: CommandId;
  /** Place among the command's events. */
  readonly commandIndex: number;
  /** Running maximum of `recordedAt` up to and with this event, in milliseconds since the epoch. */
  readonly recordedThroughMs: number;
}

/**
 * The events of the log by dense position, kept beside the read models. Every process derives the
 * same rows from `$all`, so whoever adds them adds the same; rows are added in order, without a
 * gap, behind the row that they follow.
 */
export abstract class LogIndex {
  abstract last(): Promise<IndexedEvent | undefined>;
  /**
   * Adds rows (contiguous, ascending) behind the row at `rows[0].position - 1`, whose event must be
   * `follows` (undefined: the index is empty). Rows that are there already are left as they are.
   * `differs`: what is there is of another log, nothing was written.
   */
  abstract add(
    rows: readonly IndexedEvent[],
    follows: EventId | undefined,
  ): Promise<'added' | 'differs'>;
  abstract at(position: Position): Promise<IndexedEvent | undefined>;
  /** Rows of a stream with revisions from … through (inclusive), ascending. */
  abstract ofStream(
    stream: StreamName,
    from: number,
    through: number,
  ): Promise<readonly IndexedEvent[]>;
  /** By place in the command. */
  abstract ofCommand(commandId: CommandId): Promise<readonly IndexedEvent[]>;
  /**
   * Rows behind `after` up to `through` (inclusive) of these types and streams, ascending, at most
   * `limit`.
   */
  abstract matching(
    filter: { readonly types?: readonly string[]; readonly streams?: readonly StreamName[] },
    after: Position,
    through: Position,
    limit: number,
  ): Promise<readonly IndexedEvent[]>;
  /** The last position whose `recordedThroughMs` is not later than this; −1 if none. */
  abstract positionAt(recordedAtMs: number): Promise<Position>;
  /**
   * Forgets everything: the index was of another log, or of one that was restored since. With it
   * goes what else was derived from that log beside the index: snapshots, the checkpoints of
   * processes; and the rows of projections answer nothing until they are filled anew.
   */
  abstract clear(): Promise<void>;
}

/**
 * The server counts in signed 64 bits; 24.10.0–24.10.4 can send 2^64 − 1 as a checkpoint, behind
 * which nothing would ever come.
 */
const LAST_POSITION = 2n ** 63n - 1n;

export const isPlausible = ({ commit, prepare }: AllPosition): boolean =>
  commit <= LAST_POSITION && prepare <= LAST_POSITION;

/** Negative when `a` lies before `b`: by commit, then by prepare. */
export function comparePositions(a: AllPosition, b: AllPosition): number {
  const [left, right] = a.commit === b.commit ? [a.prepare, b.prepare] : [a.commit, b.commit];
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Which of these rows an index lacks. `there`: its events from the one before the first of them
 * through the last. `differs`: it has another event where they repeat or follow one, or it ends
 * before them.
 */
export function rowsToAdd(
  rows: readonly IndexedEvent[],
  follows: EventId | undefined,
  there: ReadonlyMap<Position, EventId>,
): readonly IndexedEvent[] | 'differs' {
  assertContiguous(rows, follows);
  const before = there.get((rows[0]?.position ?? 0) - 1);
  if (before !== follows) return 'differs';
  const repeated = rows.filter(({ position }) => there.has(position));
  if (repeated.some(({ position, eventId }) => there.get(position) !== eventId)) return 'differs';
  return rows.filter(({ position }) => !there.has(position));
}

/** A gap in the index would be a wrong position for every event behind it. */
function assertContiguous(rows: readonly IndexedEvent[], follows: EventId | undefined): void {
  const [first] = rows;
  if (first && (first.position === 0) !== (follows === undefined)) {
    throw new Error(
      `rows of the log's index from position ${first.position} follow ${follows ?? 'nothing'}`,
    );
  }
  const gap = rows.find(({ position }, index) => position !== (first?.position ?? 0) + index);
  if (gap) throw new Error(`rows of the log's index have a gap before position ${gap.position}`);
}

/** The index in memory: for tests, and for short commands that count once and leave. */
export class MemoryLogIndex extends LogIndex {
  private rows: IndexedEvent[] = [];
  private readonly streams = new Map<StreamName, IndexedEvent[]>();
  private readonly commands = new Map<CommandId, IndexedEvent[]>();

  async last(): Promise<IndexedEvent | undefined> {
    return this.rows.at(-1);
  }

  async add(
    rows: readonly IndexedEvent[],
    follows: EventId | undefined,
  ): Promise<'added' | 'differs'> {
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
    for (const row of adding) this.keep(row);
    return 'added';
  }

  async at(position: Position): Promise<IndexedEvent | undefined> {
    return this.rows[position];
  }

  async ofStream(
    stream: StreamName,
    from: number,
    through: number,
  ): Promise<readonly IndexedEvent[]> {
    return (this.streams.get(stream) ?? []).filter(
      ({ revision }) => revision >= from && revision <= through,
    );
  }

  async ofCommand(commandId: CommandId): Promise<readonly IndexedEvent[]> {
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
  ): Promise<readonly IndexedEvent[]> {
    const matched: IndexedEvent[] = [];
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

  private keep(row: IndexedEvent): void {
    this.rows.push(row);
    for (const [lists, key] of [
      [this.streams, row.stream] as const,
      [this.commands, row.commandId] as const,
    ]) {
      const list = (lists as Map<string, IndexedEvent[]>).get(key) ?? [];
      list.push(row);
      (lists as Map<string, IndexedEvent[]>).set(key, list);
    }
  }
}
