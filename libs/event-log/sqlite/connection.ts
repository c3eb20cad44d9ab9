import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import { eventId, type StreamName, streamName } from '../../domain/shared/ids.js';
import type { LoggedEvent } from '../event-log.js';
import { renderInstant } from '../recorded-at.js';
import { uuidOf } from './event-row.js';
import { lockTimeoutOf, openDatabase, type SqliteLogOptions } from './schema.js';

export interface LastEvent {
  readonly position: number;
  readonly recordedAtMs: number;
}

const MAX_STREAM_NAMES = 50_000;
/** How long to wait for another process's commit while holding the thread. */
const WAIT_FOR_COMMIT_MS = 10;
const EMPTY: LastEvent = { position: -1, recordedAtMs: 0 };

/** An open log file with its prepared statements. Discarded as a whole after a fault. */
export class Connection {
  readonly database: DatabaseSync;
  /** The `dataVersion` up to which other connections' commits have been looked at. */
  seenDataVersion = -1;
  private readonly prepared = new Map<string, StatementSync>();
  private readonly typeNames = new Map<number, string>();
  private readonly typeIds = new Map<string, number>();
  // A `max` would allocate its arrays at once: 10 ms of a start.
  private readonly streamNames = new LRUCache<number, StreamName>({
    maxSize: MAX_STREAM_NAMES,
    sizeCalculation: () => 1,
  });

  constructor(private readonly options: SqliteLogOptions) {
    this.database = openDatabase(options);
  }

  /**
   * Locks the log for writing. If another process has the lock, SQLite's BUSY comes soon; longer
   * waits happen off the thread.
   */
  begin(): void {
    this.database.exec(`PRAGMA busy_timeout = ${WAIT_FOR_COMMIT_MS}`);
    try {
      this.database.exec('BEGIN IMMEDIATE');
    } finally {
      this.database.exec(`PRAGMA busy_timeout = ${lockTimeoutOf(this.options)}`);
    }
  }

  /**
   * A prepared statement that returns rows as arrays. The texts are few and fixed: values are
   * bound, never written into them.
   */
  statement(sql: string): StatementSync {
    let statement = this.prepared.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      statement.setReturnArrays(true);
      this.prepared.set(sql, statement);
    }
    return statement;
  }

  row(sql: string, ...values: SQLInputValue[]): readonly unknown[] | undefined {
    // setReturnArrays makes a row an array, which the types of node:sqlite do not follow.
    return this.statement(sql).get(...values) as readonly unknown[] | undefined;
  }

  head(): LastEvent {
    const row = this.row('SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1');
    return row === undefined ? EMPTY : { position: Number(row[0]), recordedAtMs: Number(row[1]) };
  }

  /** Identifies the event at a position; undefined if the log ends before it. */
  eventMark(position: number): Pick<LoggedEvent, 'position' | 'id' | 'recordedAt'> | undefined {
    const row = this.row(
      'SELECT hex(event_id), recorded_at FROM events WHERE position = ?',
      position,
    );
    return (
      row && {
        position,
        id: eventId(uuidOf(String(row[0]))),
        recordedAt: renderInstant(Number(row[1])),
      }
    );
  }

  /** Changes when another connection has committed; comparable on one connection only. */
  dataVersion(): number {
    return Number(this.row('PRAGMA data_version')?.[0]);
  }

  streamId(stream: StreamName): number | undefined {
    const row = this.row('SELECT stream_id FROM streams WHERE name = ?', stream);
    return row === undefined ? undefined : Number(row[0]);
  }

  /** −1 when the stream has no events. */
  lastRevision(streamId: number): number {
    const row = this.row(
      'SELECT revision FROM events WHERE stream_id = ? ORDER BY revision DESC LIMIT 1',
      streamId,
    );
    return row === undefined ? -1 : Number(row[0]);
  }

  positionOf(streamId: number, revision: number): number {
    return Number(
      this.row(
        'SELECT position FROM events WHERE stream_id = ? AND revision = ?',
        streamId,
        revision,
      )?.[0],
    );
  }

  recordedAtMs(position: number): number {
    return Number(this.row('SELECT recorded_at FROM events WHERE position = ?', position)?.[0]);
  }

  streamName(streamId: number): StreamName {
    let name = this.streamNames.get(streamId);
    if (name === undefined) {
      name = streamName(
        String(this.row('SELECT name FROM streams WHERE stream_id = ?', streamId)?.[0]),
      );
      this.streamNames.set(streamId, name);
    }
    return name;
  }

  typeName(typeId: number): string {
    return (
      this.typeNames.get(typeId) ??
      this.remember(
        typeId,
        String(this.row('SELECT name FROM types WHERE type_id = ?', typeId)?.[0]),
      )
    );
  }

  typeId(name: string): number | undefined {
    const known = this.typeIds.get(name);
    if (known !== undefined) return known;
    const row = this.row('SELECT type_id FROM types WHERE name = ?', name);
    if (row === undefined) return undefined;
    this.remember(Number(row[0]), name);
    return Number(row[0]);
  }

  /** Cached at once: a batch that fails discards the connection. */
  typeIdFor(name: string): number {
    const known = this.typeId(name);
    if (known !== undefined) return known;
    const typeId = Number(
      this.statement('INSERT INTO types (name) VALUES (?)').run(name).lastInsertRowid,
    );
    this.remember(typeId, name);
    return typeId;
  }

  private remember(typeId: number, name: string): string {
    this.typeNames.set(typeId, name);
    this.typeIds.set(name, typeId);
    return name;
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }
}
