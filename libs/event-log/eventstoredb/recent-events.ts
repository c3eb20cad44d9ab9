import type { CommandId, StreamName } from '../../domain/shared/ids.js';
import type { LoggedEvent, Position } from '../event-log.js';
import type { IndexRow } from './position-index.js';
import { approximateBytes } from './stored-form.js';

/** Enough for subscribers that keep up and for answers to appends; others read from the server. */
export const MAX_RECENT_EVENTS = 8_192;
const MAX_BYTES = 16 * 1024 * 1024;

/** The last events of the log, with their data, by position. */
export class RecentEvents {
  private events: LoggedEvent[] = [];
  private weights: number[] = [];
  /** Index of the first event in memory; dropping an event only advances this. */
  private begin = 0;
  private bytes = 0;

  constructor(private readonly maxEvents = MAX_RECENT_EVENTS) {}

  /** Its position must follow that of the last event. */
  add(event: LoggedEvent): void {
    const weight = approximateBytes(event);
    this.events.push(event);
    this.weights.push(weight);
    this.bytes += weight;
    while (this.size > this.maxEvents || (this.bytes > MAX_BYTES && this.size > 1))
      this.forgetFirst();
  }

  /** Whether all events after this position are in memory. */
  covers(after: Position): boolean {
    const first = this.events[this.begin];
    return first !== undefined && after >= first.position - 1;
  }

  at(position: Position): LoggedEvent | undefined {
    const first = this.events[this.begin];
    return first === undefined || position < first.position
      ? undefined
      : this.events[this.begin + position - first.position];
  }

  /**
   * The events after `after` up to `through`, within `maxEvents` and `maxBytes` (at least one).
   * Only for positions that it covers.
   */
  page(
    after: Position,
    through: Position,
    maxEvents: number,
    maxBytes: number,
  ): readonly LoggedEvent[] {
    const first = this.events[this.begin];
    if (first === undefined) return [];
    const from = this.begin + after + 1 - first.position;
    const end = Math.min(
      this.events.length,
      this.begin + through + 1 - first.position,
      from + maxEvents,
    );
    let bytes = 0;
    let last = from;
    while (last < end && (last === from || bytes < maxBytes)) bytes += this.weights[last++] ?? 0;
    return this.events.slice(from, last);
  }

  clear(): void {
    this.events = [];
    this.weights = [];
    this.begin = 0;
    this.bytes = 0;
  }

  private get size(): number {
    return this.events.length - this.begin;
  }

  private forgetFirst(): void {
    this.bytes -= this.weights[this.begin] ?? 0;
    this.begin += 1;
    // The arrays are cut when half of them is dropped, so each event is moved once.
    if (this.begin * 2 < this.events.length) return;
    this.events = this.events.slice(this.begin);
    this.weights = this.weights.slice(this.begin);
    this.begin = 0;
  }
}

/**
 * The rows of the last events, by position, stream and command: those that the index does not have
 * yet, and some more that save queries to it.
 */
export class RecentRows {
  private readonly rows = new Map<Position, IndexRow>();
  private readonly streams = new Map<StreamName, IndexRow[]>();
  private readonly commands = new Map<CommandId, IndexRow[]>();
  private begin: Position = 0;

  get size(): number {
    return this.rows.size;
  }

  /** Position of the first row. */
  get first(): Position {
    return this.begin;
  }

  get last(): Position {
    return this.begin + this.rows.size - 1;
  }

  /** Rows are added in order, without a gap. */
  add(row: IndexRow): void {
    if (this.rows.size === 0) this.begin = row.position;
    this.rows.set(row.position, row);
    listOf(this.streams, row.stream).push(row);
    listOf(this.commands, row.commandId).push(row);
  }

  at(position: Position): IndexRow | undefined {
    return this.rows.get(position);
  }

  ofStream(stream: StreamName): readonly IndexRow[] {
    return this.streams.get(stream) ?? NONE;
  }

  ofCommand(commandId: CommandId): readonly IndexRow[] {
    return this.commands.get(commandId) ?? NONE;
  }

  /** The rows from one position to another (inclusive), as far as they are in memory. */
  between(from: Position, through: Position): readonly IndexRow[] {
    const rows: IndexRow[] = [];
    for (let position = Math.max(from, this.begin); position <= through; position++) {
      const row = this.rows.get(position);
      if (row === undefined) break;
      rows.push(row);
    }
    return rows;
  }

  dropThrough(position: Position): void {
    for (; this.rows.size > 0 && this.begin <= position; this.begin++) {
      const row = this.rows.get(this.begin);
      this.rows.delete(this.begin);
      if (row === undefined) continue;
      dropFirst(this.streams, row.stream);
      dropFirst(this.commands, row.commandId);
    }
  }

  clear(): void {
    this.rows.clear();
    this.streams.clear();
    this.commands.clear();
  }
}

const NONE: readonly IndexRow[] = [];

function listOf<Key>(lists: Map<Key, IndexRow[]>, key: Key): IndexRow[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function dropFirst<Key>(lists: Map<Key, IndexRow[]>, key: Key): void {
  const list = lists.get(key);
  list?.shift();
  if (list?.length === 0) lists.delete(key);
}
