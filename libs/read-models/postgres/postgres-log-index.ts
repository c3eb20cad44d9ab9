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
import { quoted } from '../../platform/postgres/identifiers.js';
import type { Postgres } from '../../platform/postgres/postgres.js';
import type { Rows, Session } from '../../platform/postgres/session.js';
import { asked } from './asked.js';
import { READ_MODELS_SCHEMA } from './schema.js';

/** No event has this id: whoever compares a run's checkpoint with the log finds that it differs. */
const OF_ANOTHER_LOG = 'of-another-log';

/** "SKLI": one writer of the index at a time; whoever reads does not wait. */
const WRITERS = 0x534b4c49;

/** The log's index in PostgreSQL: a row an event. */
export class PostgresLogIndex extends LogIndex {
  private readonly table: string;

  constructor(
    private readonly postgres: Postgres,
    private readonly schema = READ_MODELS_SCHEMA,
  ) {
    super();
    this.table = `${quoted(schema)}.log_index`;
  }

  override async last(): Promise<IndexedEvent | undefined> {
    return (await this.select('ORDER BY position DESC LIMIT 1', []))[0];
  }

  override async add(
    rows: readonly IndexedEvent[],
    follows: EventId | undefined,
  ): Promise<'added' | 'differs'> {
    const [first] = rows;
    if (!first) return 'added';
    return this.write(async (session) => {
      const adding = rowsToAdd(
        rows,
        follows,
        await this.eventsBetween(session, first.position - 1, rows.at(-1)?.position ?? 0),
      );
      if (adding === 'differs') return 'differs';
      const columns = COLUMNS.map(([, , of]) => adding.map(of));
      if (adding.length > 0)
        await session.query(
          `INSERT INTO ${this.table} (${NAMES}) SELECT * FROM unnest(${ARRAYS})`,
          columns,
        );
      return 'added';
    });
  }

  override async at(position: Position): Promise<IndexedEvent | undefined> {
    return (await this.select('WHERE position = $1', [position]))[0];
  }

  override ofStream(
    stream: StreamName,
    from: number,
    through: number,
  ): Promise<readonly IndexedEvent[]> {
    return this.select('WHERE stream = $1 AND revision BETWEEN $2 AND $3 ORDER BY revision', [
      stream,
      from,
      through,
    ]);
  }

  override ofCommand(command: CommandId): Promise<readonly IndexedEvent[]> {
    return this.select('WHERE command_id = $1 ORDER BY command_index', [command]);
  }

  override matching(
    { types, streams }: Parameters<LogIndex['matching']>[0],
    after: Position,
    through: Position,
    limit: number,
  ): Promise<readonly IndexedEvent[]> {
    const range = [after, through, limit];
    if (streams && types)
      return this.select(this.foremost('stream', 'AND type = ANY($5::text[])'), [
        ...range,
        streams,
        types,
      ]);
    if (streams) return this.select(this.foremost('stream'), [...range, streams]);
    if (types) return this.select(this.foremost('type'), [...range, types]);
    return this.select('WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3', range);
  }

  override async positionAt(recordedAtMs: number): Promise<Position> {
    const where =
      'WHERE recorded_through_ms <= $1 ORDER BY recorded_through_ms DESC, position DESC LIMIT 1';
    return (await this.select(where, [Math.floor(recordedAtMs)]))[0]?.position ?? -1;
  }

  override async clear(): Promise<void> {
    const schema = quoted(this.schema);
    await this.write(async (session) => {
      for (const table of ['log_index', 'snapshots', 'process_checkpoints'])
        await session.query(`DELETE FROM ${schema}.${table}`);
      await session.query(`UPDATE ${schema}.runs SET event_id = $1 WHERE position >= 0`, [
        OF_ANOTHER_LOG,
      ]);
    });
  }

  /**
   * The first of the rows of all names ($4): each name's by its own index and no further than the
   * limit, which a plain OR may not use.
   */
  private foremost(column: 'stream' | 'type', and = ''): string {
    return `WHERE position IN (
      SELECT found.position FROM (SELECT DISTINCT name FROM unnest($4::text[]) AS asked (name)) names CROSS JOIN LATERAL (
        SELECT position FROM ${this.table} WHERE ${column} = names.name AND position > $1 AND position <= $2 ${and}
        ORDER BY ${column === 'stream' ? 'revision' : 'position'} LIMIT $3
      ) found) ORDER BY position LIMIT $3`;
  }

  private select(where: string, values: readonly unknown[]): Promise<readonly IndexedEvent[]> {
    return asked(async () =>
      (await this.postgres.query(`SELECT ${NAMES} FROM ${this.table} ${where}`, values)).map(
        indexedEvent,
      ),
    );
  }

  private async eventsBetween(
    session: Session,
    from: Position,
    through: Position,
  ): Promise<ReadonlyMap<Position, EventId>> {
    const rows = await session.query(
      `SELECT position, event_id FROM ${this.table} WHERE position BETWEEN $1 AND $2`,
      [from, through],
    );
    return new Map(rows.map((row) => [Number(row['position']), eventId(String(row['event_id']))]));
  }

  private write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return asked(() =>
      this.postgres.transaction(async (session) => {
        await session.query('SELECT pg_advisory_xact_lock($1::int, hashtext($2))', [
          WRITERS,
          this.schema,
        ]);
        return work(session);
      }),
    );
  }
}

type Stored = bigint | number | string;
const COLUMNS: readonly (readonly [
  name: string,
  type: 'int8' | 'int4' | 'text',
  of: (row: IndexedEvent) => Stored,
])[] = [
  ['position', 'int8', ({ position }) => position],
  ['commit_position', 'int8', ({ commit }) => commit],
  ['prepare_position', 'int8', ({ prepare }) => prepare],
  ['event_id', 'text', (row) => row.eventId],
  ['stream', 'text', ({ stream }) => stream],
  ['revision', 'int8', ({ revision }) => revision],
  ['type', 'text', ({ type }) => type],
  ['command_id', 'text', (row) => row.commandId],
  ['command_index', 'int4', ({ commandIndex }) => commandIndex],
  ['recorded_through_ms', 'int8', ({ recordedThroughMs }) => recordedThroughMs],
];
const NAMES = COLUMNS.map(([name]) => name).join(', ');
const ARRAYS = COLUMNS.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ');

// The rows were written by `add`, in the types of an IndexedEvent; `int8` comes as bigint.
const indexedEvent = (row: Rows[number]): IndexedEvent => ({
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
