import type { CommandId, StreamName } from '../../domain/shared/ids.js';
import type { Position } from '../event-log.js';
import type { IndexedEvent } from './log-index.js';

/**
 * The rows of the log's end, by position, stream and command: what the index does not have yet, and
 * some more to spare it questions.
 */
export class Tail {
  private readonly rows = new Map<Position, IndexedEvent>();
  private readonly streams = new Map<StreamName, IndexedEvent[]>();
  private readonly commands = new Map<CommandId, IndexedEvent[]>();
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
  add(row: IndexedEvent): void {
    if (this.rows.size === 0) this.begin = row.position;
    this.rows.set(row.position, row);
    listOf(this.streams, row.stream).push(row);
    listOf(this.commands, row.commandId).push(row);
  }

  at(position: Position): IndexedEvent | undefined {
    return this.rows.get(position);
  }

  ofStream(stream: StreamName): readonly IndexedEvent[] {
    return this.streams.get(stream) ?? NONE;
  }

  ofCommand(commandId: CommandId): readonly IndexedEvent[] {
    return this.commands.get(commandId) ?? NONE;
  }

  /** The rows from one position to another (inclusive), as far as they are here. */
  between(from: Position, through: Position): readonly IndexedEvent[] {
    const rows: IndexedEvent[] = [];
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

const NONE: readonly IndexedEvent[] = [];

function listOf<Key>(lists: Map<Key, IndexedEvent[]>, key: Key): IndexedEvent[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function dropFirst<Key>(lists: Map<Key, IndexedEvent[]>, key: Key): void {
  const list = lists.get(key);
  list?.shift();
  if (list?.length === 0) lists.delete(key);
}
