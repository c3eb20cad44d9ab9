import { commandId, eventId, streamName } from '../../domain/shared/ids.js';
import type { IndexRow } from '../../event-log/eventstoredb/position-index.js';
import { statement } from '../../platform/sql/statement.js';
import type { StatementBuilder, StoredTables } from './stored-tables.js';

export type PositionIndexColumns = StoredTables['log_index'];

export const LOG_INDEX_COLUMNS = [
  'position',
  'commit_position',
  'prepare_position',
  'event_id',
  'stream',
  'revision',
  'type',
  'command_id',
  'command_index',
  'recorded_through_ms',
] as const satisfies readonly (keyof PositionIndexColumns)[];

export const positionIndexRows = ({ db }: Pick<StatementBuilder, 'db'>) =>
  db.selectFrom('log_index').select(LOG_INDEX_COLUMNS);

/** Positions after `after`, up to and including `through`. */
export interface PositionRange {
  readonly after: number;
  readonly through: number;
  readonly limit: number;
}

/**
 * No event has this id: a build whose checkpoint has it is found to belong to another log when it
 * is compared with the log.
 */
export const OF_ANOTHER_LOG = 'of-another-log';

/** The statements over the log's index that both stores execute. */
export function positionIndexStatements({ db }: Pick<StatementBuilder, 'db'>) {
  const rows = () => positionIndexRows({ db });
  return {
    last: statement(() => rows().orderBy('position', 'desc').limit(1)),
    at: statement<Pick<PositionIndexColumns, 'position'>>((parameter) =>
      rows().where('position', '=', parameter.position),
    ),
    ofStream: statement<
      Pick<PositionIndexColumns, 'stream'> & { readonly from: number; readonly through: number }
    >((parameter) =>
      rows()
        .where('stream', '=', parameter.stream)
        .where((where) => where.between('revision', parameter.from, parameter.through))
        .orderBy('revision'),
    ),
    ofCommand: statement<{ readonly command: string }>((parameter) =>
      rows().where('command_id', '=', parameter.command).orderBy('command_index'),
    ),
    inRange: statement<PositionRange>((parameter) =>
      rows()
        .where('position', '>', parameter.after)
        .where('position', '<=', parameter.through)
        .orderBy('position')
        .limit(parameter.limit),
    ),
    recordedBy: statement<{ readonly recordedAtMs: number }>((parameter) =>
      rows()
        .where('recorded_through_ms', '<=', parameter.recordedAtMs)
        .orderBy('recorded_through_ms', 'desc')
        .orderBy('position', 'desc')
        .limit(1),
    ),
    /** The ids of the events between two positions, both included. */
    idsBetween: statement<{ readonly from: number; readonly through: number }>((parameter) =>
      db
        .selectFrom('log_index')
        .select(['position', 'event_id'])
        .where((where) => where.between('position', parameter.from, parameter.through)),
    ),
    /** Deletes the index, and all data derived from it outside the builds. */
    clear: [
      statement(() => db.deleteFrom('log_index')),
      statement(() => db.deleteFrom('snapshots')),
      statement(() => db.deleteFrom('process_checkpoints')),
      statement(() =>
        db.updateTable('runs').set({ event_id: OF_ANOTHER_LOG }).where('position', '>=', 0),
      ),
    ],
  };
}

export const storedEvent = (event: IndexRow): PositionIndexColumns => ({
  position: event.position,
  commit_position: event.commit,
  prepare_position: event.prepare,
  event_id: event.eventId,
  stream: event.stream,
  revision: event.revision,
  type: event.type,
  command_id: event.commandId,
  command_index: event.commandIndex,
  recorded_through_ms: event.recordedThroughMs,
});

// The rows were written as `storedEvent` has them; positions in EventStoreDB come as bigint.
export const indexedEvent = (row: Readonly<Record<string, unknown>>): IndexRow => ({
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

export const eventIdsByPosition = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  new Map(rows.map((row) => [Number(row['position']), eventId(String(row['event_id']))]));
