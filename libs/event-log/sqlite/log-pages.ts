import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CommandId, StreamName } from '../../domain/shared/ids.js';
import type {
  EventFilter,
  LoggedEvent,
  Page,
  Position,
  ReadAll,
  ReadStream,
} from '../event-log.js';
import { parseInstant } from '../recorded-at.js';
import type { Connection } from './connection.js';
import { blobOf, EVENT_COLUMNS, type EventRow, textLength, toLoggedEvent } from './event-row.js';
import type { LogFile } from './log-file.js';

/** Limits of one page, so that no read holds the thread or much memory. */
const MAX_PAGE_ROWS = 500;
const MAX_PAGE_LENGTH = 4 * 1024 * 1024;
/** How many positions a filtered read passes over at most. */
const MAX_POSITIONS_PASSED = 5_000;

export interface StreamCut {
  readonly streamId: number;
  readonly forwards: boolean;
  /** First revision to read. */
  readonly from: number;
  readonly limit: number;
  readonly upTo: Position;
}

export function streamPage(
  connection: Connection,
  { streamId, forwards, from, limit, upTo }: StreamCut,
): readonly LoggedEvent[] {
  const which =
    'stream_id = ? AND +position <= ? ' +
    (forwards ? 'AND revision >= ? ORDER BY revision' : 'AND revision <= ? ORDER BY revision DESC');
  return rowsOf(connection, which, streamId, upTo, from, Math.min(limit, MAX_PAGE_ROWS)).events;
}

export interface LogCut extends EventFilter {
  readonly after: Position;
  readonly limit: number;
  /** At most the head. */
  readonly upTo: Position;
}

/**
 * The events after `after`, and how far the log was read: to the last event returned, or to the end
 * of the positions passed.
 */
export function logPage(
  connection: Connection,
  { after, limit, upTo, types, streams }: LogCut,
): Page {
  const [stream, ...others] = streams ?? [];
  if (stream !== undefined && others.length === 0)
    return pageOfStream(connection, stream, { after, limit, upTo, ...(types && { types }) });

  const filtered = types !== undefined || streams !== undefined;
  const last = filtered ? Math.min(upTo, after + MAX_POSITIONS_PASSED) : upTo;
  const where = ['position > ? AND position <= ?'];
  const values: SQLInputValue[] = [after, last];
  if (types) where.push(typesWanted(connection, types, values));
  if (streams) where.push('+stream_id IN (SELECT value FROM json_each(?))');
  if (streams)
    values.push(
      JSON.stringify(
        streams.map((name) => connection.streamId(name)).filter((id) => id !== undefined),
      ),
    );

  return pageThrough(
    rowsOf(
      connection,
      `${where.join(' AND ')} ORDER BY position`,
      ...values,
      Math.min(limit, MAX_PAGE_ROWS),
    ),
    last,
  );
}

/** One stream has its own index: events of other streams are not passed over. */
function pageOfStream(
  connection: Connection,
  stream: StreamName,
  { after, limit, upTo, types }: LogCut,
): Page {
  const streamId = connection.streamId(stream);
  if (streamId === undefined) return { events: [], through: upTo };
  const lastRevision = connection.lastRevision(streamId);
  const from = firstRevisionAfter(connection, streamId, after, lastRevision);
  const to = Math.min(lastRevision, from + MAX_POSITIONS_PASSED - 1);

  const where = ['stream_id = ? AND revision BETWEEN ? AND ? AND +position <= ?'];
  const values: SQLInputValue[] = [streamId, from, to, upTo];
  if (types) where.push(typesWanted(connection, types, values));
  const end = to === lastRevision ? upTo : Math.min(upTo, connection.positionOf(streamId, to));
  return pageThrough(
    rowsOf(
      connection,
      `${where.join(' AND ')} ORDER BY revision`,
      ...values,
      Math.min(limit, MAX_PAGE_ROWS),
    ),
    end,
  );
}

/** In a stream, positions rise with revisions: binary search. */
function firstRevisionAfter(
  connection: Connection,
  streamId: number,
  after: Position,
  lastRevision: number,
): number {
  let before = -1;
  let following = lastRevision + 1;
  while (following - before > 1) {
    const middle = Math.floor((before + following) / 2);
    if (connection.positionOf(streamId, middle) <= after) before = middle;
    else following = middle;
  }
  return following;
}

export function eventsOfCommand(
  connection: Connection,
  command: CommandId,
): readonly LoggedEvent[] {
  const sql = `SELECT ${EVENT_COLUMNS} FROM events WHERE command_id = ? ORDER BY command_index`;
  return connection
    .statement(sql)
    .all(blobOf(command))
    .map((row) => toLoggedEvent(asEventRow(row), connection));
}

function typesWanted(
  connection: Connection,
  types: readonly string[],
  values: SQLInputValue[],
): string {
  values.push(
    JSON.stringify(types.map((name) => connection.typeId(name)).filter((id) => id !== undefined)),
  );
  return 'type_id IN (SELECT value FROM json_each(?))';
}

interface Rows {
  readonly events: readonly LoggedEvent[];
  /** The statement had no more rows. */
  readonly complete: boolean;
}

/**
 * The last of `values` is the row limit; large rows reduce it. Rows are usually small and read at
 * once.
 */
function rowsOf(connection: Connection, which: string, ...values: SQLInputValue[]): Rows {
  const statement = connection.statement(
    `SELECT ${EVENT_COLUMNS} FROM events WHERE ${which} LIMIT ?`,
  );
  if (bytesOf(connection, which, values) > MAX_PAGE_LENGTH)
    return largeRowsOf(connection, statement, values);
  const events = statement.all(...values).map((row) => toLoggedEvent(asEventRow(row), connection));
  return { events, complete: events.length < Number(values.at(-1)) };
}

/** Reads only the rows' headers: a tenth of the cost of reading the rows. */
function bytesOf(connection: Connection, which: string, values: readonly SQLInputValue[]): number {
  const sql = `SELECT sum(bytes) FROM (SELECT octet_length(data) AS bytes FROM events WHERE ${which} LIMIT ?)`;
  return Number(connection.row(sql, ...values)?.[0]);
}

function largeRowsOf(
  connection: Connection,
  statement: StatementSync,
  values: readonly SQLInputValue[],
): Rows {
  const events: LoggedEvent[] = [];
  let length = 0;
  for (const row of statement.iterate(...values)) {
    const event = asEventRow(row);
    events.push(toLoggedEvent(event, connection));
    length += textLength(event);
    // Leaving the loop resets the statement, so no snapshot stays open.
    if (length >= MAX_PAGE_LENGTH) return { events, complete: false };
  }
  return { events, complete: events.length < Number(values.at(-1)) };
}

function pageThrough({ events, complete }: Rows, last: Position): Page {
  return { events, through: complete ? last : (events.at(-1)?.position ?? last) };
}

// setReturnArrays makes a row an array in the order of EVENT_COLUMNS, which the types of
// node:sqlite do not follow.
const asEventRow = (row: unknown): EventRow => row as EventRow;

/**
 * Reads page by page and holds nothing in between: commits and other work continue during a long
 * read.
 */
export async function* readAllPages(
  file: LogFile,
  { after, limit = Infinity, upTo = Infinity, ...filter }: ReadAll,
): AsyncIterable<Page> {
  const end = Math.min(upTo, headOf(file));
  let through = after;
  let left = limit;
  while (through < end && left > 0) {
    const cut = { ...filter, after: through, limit: left, upTo: end };
    const page = file.use((connection) => logPage(connection, cut));
    through = page.through;
    left -= page.events.length;
    yield page;
    if (through < end && left > 0) await nextTurn();
  }
}

export async function* readStreamPages(
  file: LogFile,
  stream: StreamName,
  options: ReadStream,
): AsyncIterable<readonly LoggedEvent[]> {
  const { direction = 'forwards', limit = Infinity, upTo = Infinity } = options;
  const streamId = file.use((connection) => connection.streamId(stream));
  if (streamId === undefined) return;

  const forwards = direction === 'forwards';
  const end = Math.min(upTo, headOf(file));
  let from = options.from ?? (forwards ? 0 : Number.MAX_SAFE_INTEGER);
  let left = limit;
  while (left > 0 && from >= 0) {
    const cut = { streamId, forwards, from, limit: left, upTo: end };
    const events = file.use((connection) => streamPage(connection, cut));
    const last = events.at(-1);
    if (last === undefined) return;
    left -= events.length;
    from = last.revision + (forwards ? 1 : -1);
    yield events;
    if (left > 0) await nextTurn();
  }
}

export const headOf = (file: LogFile): Position =>
  file.use((connection) => connection.head().position);

export const revisionOf = (file: LogFile, stream: StreamName): number =>
  file.use((connection) => {
    const streamId = connection.streamId(stream);
    return streamId === undefined ? -1 : connection.lastRevision(streamId);
  });

/**
 * `recordedAt` never falls along the log: binary search for the last event not later than the
 * instant.
 */
export function positionAt(file: LogFile, instant: string): Position {
  const instantMs = parseInstant(instant);
  return file.use((connection) => {
    let low = -1;
    let later = connection.head().position + 1;
    while (later - low > 1) {
      const middle = Math.floor((low + later) / 2);
      if (connection.recordedAtMs(middle) <= instantMs) low = middle;
      else later = middle;
    }
    return low;
  });
}
