import type { CommandId, EventId, StreamName } from '../../domain/shared/ids.js';
import type { Position } from '../event-log.js';
import { type IndexedEvent, LogIndex } from './log-index.js';
import { rowsToAdd } from './log-index-rows.js';

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
