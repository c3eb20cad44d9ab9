import { sql } from 'kysely';
import type { CommandId, EventId, StreamName } from '../../domain/shared/ids.js';
import type { Position } from '../../event-log/event-log.js';
import {
  type IndexRow,
  PositionIndex,
  rowsToAdd,
} from '../../event-log/eventstoredb/position-index.js';
import type { Postgres } from '../../platform/postgres/postgres.js';
import { execute, type Session } from '../../platform/postgres/session.js';
import { type Statement, statement } from '../../platform/sql/statement.js';
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
import { withReadModelErrors, postgresStatements, rowsOfLists } from './dialect.js';
import { READ_MODELS_SCHEMA } from './schema.js';

/** "SKLI": one writer of the index at a time; readers do not wait. */
const WRITERS = 0x534b4c49;

/** The log's index in PostgreSQL: one row per event. */
export class PostgresPositionIndex extends PositionIndex {
  private readonly statements: ReturnType<typeof statementsIn>;

  constructor(
    private readonly postgres: Postgres,
    private readonly schema = READ_MODELS_SCHEMA,
  ) {
    super();
    this.statements = statementsIn(schema);
  }

  override async last(): Promise<IndexRow | undefined> {
    return (await this.select(this.statements.last, {}))[0];
  }

  override async add(
    events: readonly IndexRow[],
    follows: EventId | undefined,
  ): Promise<'added' | 'differs'> {
    const [first] = events;
    if (!first) return 'added';
    return this.write(async (session) => {
      const range = { from: first.position - 1, through: events.at(-1)?.position ?? 0 };
      const stored = eventIdsByPosition(await execute(session, this.statements.idsBetween, range));
      const adding = rowsToAdd(events, follows, stored);
      if (adding === 'differs') return 'differs';
      if (adding.length > 0)
        await execute(session, this.statements.insert, listsOf(adding.map(storedEvent)));
      return 'added';
    });
  }

  override async at(position: Position): Promise<IndexRow | undefined> {
    return (await this.select(this.statements.at, { position }))[0];
  }

  override ofStream(
    stream: StreamName,
    from: number,
    through: number,
  ): Promise<readonly IndexRow[]> {
    return this.select(this.statements.ofStream, { stream, from, through });
  }

  override ofCommand(command: CommandId): Promise<readonly IndexRow[]> {
    return this.select(this.statements.ofCommand, { command });
  }

  override matching(
    { types, streams }: Parameters<PositionIndex['matching']>[0],
    after: Position,
    through: Position,
    limit: number,
  ): Promise<readonly IndexRow[]> {
    const range = { after, through, limit };
    if (streams && types)
      return this.select(this.statements.ofStreamsAndTypes, { ...range, names: streams, types });
    if (streams) return this.select(this.statements.ofStreams, { ...range, names: streams });
    if (types) return this.select(this.statements.ofTypes, { ...range, names: types });
    return this.select(this.statements.inRange, range);
  }

  override async positionAt(recordedAtMs: number): Promise<Position> {
    const values = { recordedAtMs: Math.floor(recordedAtMs) };
    return (await this.select(this.statements.recordedBy, values))[0]?.position ?? -1;
  }

  override async clear(): Promise<void> {
    await this.write(async (session) => {
      for (const each of this.statements.clear) await execute(session, each, {});
    });
  }

  private select<Values>(select: Statement<Values>, values: Values): Promise<readonly IndexRow[]> {
    return withReadModelErrors(async () =>
      (await execute(this.postgres, select, values)).map(indexedEvent),
    );
  }

  private write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return withReadModelErrors(() =>
      this.postgres.transaction(async (session) => {
        await execute(session, this.statements.lockWriters, { schema: this.schema });
        return work(session);
      }),
    );
  }
}

type Lists = {
  readonly [Column in keyof PositionIndexColumns]: readonly PositionIndexColumns[Column][];
};

function statementsIn(schema: string) {
  const builder = postgresStatements(schema);
  return {
    ...positionIndexStatements(builder),
    insert: statement<Lists>((parameter) =>
      builder.db
        .insertInto('log_index')
        .columns(LOG_INDEX_COLUMNS)
        .expression(rowsOfLists(LOG_INDEX_COLUMNS.map((name) => [parameter[name], TYPES[name]]))),
    ),
    lockWriters: statement<{ readonly schema: string }>((parameter) =>
      builder.db.selectNoFrom(
        sql`pg_advisory_xact_lock(${WRITERS}::int, hashtext(${parameter.schema}))`.as('lock'),
      ),
    ),
    ofStreams: firstOfAll(builder, 'stream'),
    ofStreamsAndTypes: statement<NamesAndTypes>((parameter) =>
      firstOfNames(builder, 'stream', parameter, parameter.types),
    ),
    ofTypes: firstOfAll(builder, 'type'),
  };
}

type Builder = ReturnType<typeof postgresStatements>;
interface Names extends PositionRange {
  readonly names: readonly string[];
}
interface NamesAndTypes extends Names {
  readonly types: readonly string[];
}

const firstOfAll = (builder: Builder, column: 'stream' | 'type') =>
  statement<Names>((parameter) => firstOfNames(builder, column, parameter));

/**
 * The first of the rows of all names. Each name's rows are found through its own index and no
 * further than the limit; PostgreSQL may use no index for a plain OR.
 */
const firstOfNames = (
  builder: Builder,
  column: 'stream' | 'type',
  { names, after, through, limit }: Names,
  types?: readonly string[],
) => {
  const ofName = () => {
    const found = builder.db
      .selectFrom('log_index')
      .select('position')
      .where(column, '=', sql<string>`names.name`)
      .where('position', '>', after)
      .where('position', '<=', through)
      .orderBy(column === 'stream' ? 'revision' : 'position')
      .limit(limit);
    return types === undefined
      ? found
      : found.where('type', '=', sql<string>`ANY(${types}::text[])`);
  };
  return positionIndexRows(builder)
    .where('position', 'in', (query) =>
      query
        .selectFrom(
          sql<{
            name: string;
          }>`(SELECT DISTINCT name FROM unnest(${names}::text[]) AS asked (name))`.as('names'),
        )
        .crossJoinLateral(() => ofName().as('found'))
        .select('found.position'),
    )
    .orderBy('position')
    .limit(limit);
};

const TYPES = {
  position: 'int8',
  commit_position: 'int8',
  prepare_position: 'int8',
  event_id: 'text',
  stream: 'text',
  revision: 'int8',
  type: 'text',
  command_id: 'text',
  command_index: 'int4',
  recorded_through_ms: 'int8',
} as const satisfies Record<keyof PositionIndexColumns, string>;

const listsOf = (rows: readonly PositionIndexColumns[]): Lists =>
  // One list for each column.
  Object.fromEntries(
    LOG_INDEX_COLUMNS.map((name) => [name, rows.map((row) => row[name])]),
  ) as unknown as Lists;
