import type { SQLInputValue } from 'node:sqlite';
import {
  type CommandId,
  commandId,
  type EventId,
  eventId,
  type StreamName,
  streamName,
} from '../../domain/shared/ids.js';
import type { Position } from '../../event-log/event-log.js';
import {
  type IndexedEvent,
  LogIndex,
  rowsToAdd,
} from '../../event-log/eventstoredb/position-index.js';
import type { ReadModelFile } from './read-model-file.js';

const COLUMNS =
  'position, commit_position, prepare_position, event_id, stream, revision, type, command_id, command_index, recorded_through_ms';

/** No event has this id: whoever compares a run's checkpoint with the log finds that it differs. */
const OF_ANOTHER_LOG = 'of-another-log';

/** The log's index in the read models' file: a row an event. */
export class SqliteLogIndex extends LogIndex {
  constructor(private readonly file: ReadModelFile) {
    super();
  }

  override async last(): Promise<IndexedEvent | undefined> {
    return this.select('ORDER BY position DESC LIMIT 1')[0];
  }

  override async add(
    rows: readonly IndexedEvent[],
    follows: EventId | undefined,
  ): Promise<'added' | 'differs'> {
    const [first] = rows;
    if (!first) return 'added';
    return this.file.transaction('IMMEDIATE', () => {
      const adding = rowsToAdd(
        rows,
        follows,
        this.eventsBetween(first.position - 1, rows.at(-1)?.position ?? 0),
      );
      if (adding === 'differs') return 'differs';
      const insert = this.file.statement(
        `INSERT INTO log_index (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      for (const row of adding) insert.run(...valuesOf(row));
      return 'added';
    });
  }

  override async at(position: Position): Promise<IndexedEvent | undefined> {
    return this.select('WHERE position = ?', position)[0];
  }

  override async ofStream(
    stream: StreamName,
    from: number,
    through: number,
  ): Promise<readonly IndexedEvent[]> {
    return this.select(
      'WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision',
      stream,
      from,
      through,
    );
  }

  override async ofCommand(command: CommandId): Promise<readonly IndexedEvent[]> {
    return this.select('WHERE command_id = ? ORDER BY command_index', command);
  }

  override async matching(
    { types, streams }: Parameters<LogIndex['matching']>[0],
    after: Position,
    through: Position,
    limit: number,
  ): Promise<readonly IndexedEvent[]> {
    const range = [after, through, limit];
    if (streams) {
      const ofTypes = types ? 'AND type IN (SELECT value FROM json_each(?4))' : '';
      const where = `WHERE stream = ?5 AND position > ?1 AND position <= ?2 ${ofTypes} ORDER BY revision LIMIT ?3`;
      return foremost(limit, streams, (stream) =>
        this.select(where, ...range, JSON.stringify(types ?? []), stream),
      );
    }
    if (!types)
      return this.select(
        'WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT ?3',
        ...range,
      );
    const where = 'WHERE type = ?4 AND position > ?1 AND position <= ?2 ORDER BY position LIMIT ?3';
    return foremost(limit, types, (type) => this.select(where, ...range, type));
  }

  override async positionAt(recordedAtMs: number): Promise<Position> {
    const where =
      'WHERE recorded_through_ms <= ? ORDER BY recorded_through_ms DESC, position DESC LIMIT 1';
    return this.select(where, recordedAtMs)[0]?.position ?? -1;
  }

  override async clear(): Promise<void> {
    this.file.transaction('IMMEDIATE', () => {
      for (const table of ['log_index', 'snapshots', 'process_checkpoints'])
        this.file.run(`DELETE FROM ${table}`);
      this.file.run('UPDATE runs SET event_id = ? WHERE position >= 0', OF_ANOTHER_LOG);
    });
  }

  private select(where: string, ...values: SQLInputValue[]): readonly IndexedEvent[] {
    const statement = this.file.statement(`SELECT ${COLUMNS} FROM log_index ${where}`);
    // Places in EventStoreDB's log go beyond what a number holds exactly.
    statement.setReadBigInts(true);
    return statement.all(...values).map(indexedEvent);
  }

  private eventsBetween(from: Position, through: Position): ReadonlyMap<Position, EventId> {
    const rows = this.file.all(
      'SELECT position, event_id FROM log_index WHERE position BETWEEN ? AND ?',
      from,
      through,
    );
    return new Map(rows.map((row) => [Number(row['position']), eventId(String(row['event_id']))]));
  }
}

/** The first of all that are found for each name, in the log's order. */
function foremost<Name>(
  limit: number,
  names: readonly Name[],
  find: (name: Name) => readonly IndexedEvent[],
): readonly IndexedEvent[] {
  const found = [...new Set(names)].flatMap(find);
  return found.sort((a, b) => a.position - b.position).slice(0, limit);
}

const valuesOf = (row: IndexedEvent): SQLInputValue[] => [
  row.position,
  row.commit,
  row.prepare,
  row.eventId,
  row.stream,
  row.revision,
  row.type,
  row.commandId,
  row.commandIndex,
  row.recordedThroughMs,
];

// The rows were written by `add`, in the types of an IndexedEvent; whole numbers come as bigint.
const indexedEvent = (row: Record<string, unknown>): IndexedEvent => ({
  position: Number(row['position']),
  commit: row['commit_position'] as bigint,
  prepare: row['prepare_position'] as bigint,
  eventId: eventId(String(row['event_id'])),
  stream: streamName(String(row['stream'])),
  revision: Number(row['revision']),
  type: String(row['type']),
  commandId: commandId(String(row['command_id'])),
  commandIndex: Number(row['command_index']),
  recordedThroughMs: Number(row['recorded_through_ms']),
});
