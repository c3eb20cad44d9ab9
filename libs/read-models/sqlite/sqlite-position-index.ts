import { sql } from 'kysely';
import type { CommandId, EventId, StreamName } from '../../domain/shared/ids.js';
import type { Position } from '../../event-log/event-log.js';
import {
  type IndexRow,
  PositionIndex,
  rowsToAdd,
} from '../../event-log/eventstoredb/position-index.js';
import { columnValues, type Statement, statement } from '../../platform/sql/statement.js';
import {
  eventIdsByPosition,
  indexedEvent,
  LOG_INDEX_COLUMNS,
  type PositionIndexColumns,
  positionIndexRows,
  positionIndexStatements,
  type PositionRange,
  storedEvent,
} from '../statements/position-index-statements.js';
import { sqliteStatements } from './dialect.js';
import type { ReadModelFile } from './read-model-file.js';

const rows = () => positionIndexRows(sqliteStatements);
const ofStream = (parameter: PositionRange & { readonly stream: string }) =>
  rows()
    .where('stream', '=', parameter.stream)
    .where('position', '>', parameter.after)
    .where('position', '<=', parameter.through)
    .orderBy('revision')
    .limit(parameter.limit);
const statements = {
  ...positionIndexStatements(sqliteStatements),
  insert: statement<PositionIndexColumns>((parameter) =>
    sqliteStatements.db.insertInto('log_index').values(columnValues(parameter, LOG_INDEX_COLUMNS)),
  ),
  matchingType: statement<PositionRange & { readonly type: string }>((parameter) =>
    rows()
      .where('type', '=', parameter.type)
      .where('position', '>', parameter.after)
      .where('position', '<=', parameter.through)
      .orderBy('position')
      .limit(parameter.limit),
  ),
  matchingStream: statement(ofStream),
  /** `types` is a JSON list: SQLite binds no lists. */
  matchingStreamAndTypes: statement<
    PositionRange & { readonly stream: string; readonly types: string }
  >((parameter) =>
    ofStream(parameter).where(
      'type',
      'in',
      sql<string>`(SELECT value FROM json_each(${parameter.types}))`,
    ),
  ),
};

/** The log's index in the read models' file: one row per event. */
export class SqlitePositionIndex extends PositionIndex {
  constructor(private readonly file: ReadModelFile) {
    super();
  }

  override async last(): Promise<IndexRow | undefined> {
    return this.select(statements.last, {})[0];
  }

  override async add(
    events: readonly IndexRow[],
    follows: EventId | undefined,
  ): Promise<'added' | 'differs'> {
    const [first] = events;
    if (!first) return 'added';
    return this.file.transaction('IMMEDIATE', () => {
      const range = { from: first.position - 1, through: events.at(-1)?.position ?? 0 };
      const stored = eventIdsByPosition(this.file.rows(statements.idsBetween, range));
      const adding = rowsToAdd(events, follows, stored);
      if (adding === 'differs') return 'differs';
      for (const event of adding) this.file.execute(statements.insert, storedEvent(event));
      return 'added';
    });
  }

  override async at(position: Position): Promise<IndexRow | undefined> {
    return this.select(statements.at, { position })[0];
  }

  override async ofStream(
    stream: StreamName,
    from: number,
    through: number,
  ): Promise<readonly IndexRow[]> {
    return this.select(statements.ofStream, { stream, from, through });
  }

  override async ofCommand(command: CommandId): Promise<readonly IndexRow[]> {
    return this.select(statements.ofCommand, { command });
  }

  override async matching(
    { types, streams }: Parameters<PositionIndex['matching']>[0],
    after: Position,
    through: Position,
    limit: number,
  ): Promise<readonly IndexRow[]> {
    const range = { after, through, limit };
    if (streams)
      return firstOfAll(limit, streams, (stream) =>
        types
          ? this.select(statements.matchingStreamAndTypes, {
              ...range,
              stream,
              types: JSON.stringify(types),
            })
          : this.select(statements.matchingStream, { ...range, stream }),
      );
    if (!types) return this.select(statements.inRange, range);
    return firstOfAll(limit, types, (type) =>
      this.select(statements.matchingType, { ...range, type }),
    );
  }

  override async positionAt(recordedAtMs: number): Promise<Position> {
    return this.select(statements.recordedBy, { recordedAtMs })[0]?.position ?? -1;
  }

  override async clear(): Promise<void> {
    this.file.transaction('IMMEDIATE', () => {
      for (const each of statements.clear) this.file.execute(each, {});
    });
  }

  /** With whole numbers as bigint: positions in EventStoreDB are greater than a number can hold. */
  private select<Values>(select: Statement<Values>, values: Values): readonly IndexRow[] {
    return this.file.rows(select, values, { bigints: true }).map(indexedEvent);
  }
}

/** The first of all that are found for each name, in the log's order. */
function firstOfAll<Name>(
  limit: number,
  names: readonly Name[],
  find: (name: Name) => readonly IndexRow[],
): readonly IndexRow[] {
  const found = [...new Set(names)].flatMap(find);
  return found.sort((a, b) => a.position - b.position).slice(0, limit);
}
