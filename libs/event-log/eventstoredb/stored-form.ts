import type { RecordedEvent } from '@eventstore/db-client';
import { eventId, type StreamName, type CommandId, streamName } from '../../domain/shared/ids.js';
import { canonicalJson } from '../canonical.js';
import type { EventMetadata, LoggedEvent } from '../event-log.js';
import type { PreparedEvent } from '../prepared-append.js';
import type { AllPosition } from './position-index.js';

/** An event as it goes over the wire: data and metadata are bytes of JSON. */
export interface WireEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** The stored metadata of an event: its own, and what the log adds. */
export interface StoredMetadata extends EventMetadata {
  readonly recordedAt: string;
  readonly version: number;
  /**
   * The append that wrote it: a repeated append finds another writer, and so knows that it is a
   * repetition.
   */
  readonly writer: string;
}

/** An event as the log returns it, without its position, which is counted. */
export type UncountedEvent = Omit<LoggedEvent, 'position'>;

export interface StoredEvent {
  readonly event: UncountedEvent;
  readonly writer: string;
  /** Its position in `$all`, which the server sends with every event. */
  readonly at: AllPosition;
  /** When the server created it, by its clock. */
  readonly createdMs: number;
}

/**
 * Called once for each append, so that every retry sends the same bytes. Values that JSON cannot
 * carry were refused before.
 */
export function toStored(
  prepared: readonly PreparedEvent[],
  recordedAt: string,
  writer: string,
): readonly WireEvent[] {
  return prepared.map(({ event: { id, type, version, metadata }, data }) =>
    wireEvent(id, type, data, storedMetadata(metadata, recordedAt, version, writer)),
  );
}

export const storedMetadata = (
  metadata: EventMetadata,
  recordedAt: string,
  version: number,
  writer: string,
): StoredMetadata => ({
  ...metadata,
  recordedAt,
  version,
  writer,
});

const utf8 = new TextEncoder();

/** `data` is canonical JSON. */
export const wireEvent = (id: string, type: string, data: string, metadata: object): WireEvent => ({
  id,
  type,
  data: utf8.encode(data),
  metadata: utf8.encode(canonicalJson(metadata)),
});

/** Undefined for an event that this program has not written. */
export function fromStored(recorded: RecordedEvent, stream: StreamName): StoredEvent | undefined {
  const { position } = recorded;
  const stored: unknown = recorded.metadata;
  if (!isStoredMetadata(stored) || position === undefined || !recorded.isJson) return undefined;
  const { recordedAt, version, writer, ...metadata } = stored;
  const event = {
    id: eventId(recorded.id),
    type: recorded.type,
    version,
    stream,
    revision: Number(recorded.revision),
    recordedAt,
    data: recorded.data as unknown,
    metadata,
  };
  return { event, writer, at: position, createdMs: recorded.created.getTime() };
}

function isStoredMetadata(stored: unknown): stored is StoredMetadata {
  if (typeof stored !== 'object' || stored === null) return false;
  const { commandId, index, recordedAt, version, writer } = stored as Partial<
    Record<keyof StoredMetadata, unknown>
  >;
  return (
    typeof commandId === 'string' &&
    typeof index === 'number' &&
    typeof recordedAt === 'string' &&
    !Number.isNaN(Date.parse(recordedAt)) &&
    typeof version === 'number' &&
    typeof writer === 'string'
  );
}

/** Size of an event in memory without its data: ids, names, metadata. */
const ENVELOPE_BYTES = 800;
const NODE_BYTES = 16;

/**
 * The approximate size of an event in memory. The client does not report the length of its text,
 * and serialising it again would cost more.
 */
export const approximateBytes = ({ data }: Pick<LoggedEvent, 'data'>): number =>
  ENVELOPE_BYTES + weigh(data);

function weigh(value: unknown): number {
  if (typeof value === 'string') return NODE_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return NODE_BYTES;
  let bytes = NODE_BYTES;
  if (Array.isArray(value)) for (const item of value) bytes += weigh(item);
  else for (const [name, member] of Object.entries(value)) bytes += name.length + weigh(member);
  return bytes;
}

const COMMAND = 'command-';

/**
 * Stream names on the server, which other applications may use too: all streams of this log share
 * one prefix, which is never shown outside.
 */
export class StreamNames {
  /** The stream that records a migration into the log. */
  readonly migration: string;
  /** The stream whose event marks the beginning of the log. */
  readonly origin: string;

  constructor(readonly prefix: string) {
    if (prefix === '' || prefix.startsWith('$') || !prefix.isWellFormed())
      throw new RangeError(`${prefix} is not a valid prefix of stream names`);
    this.migration = `${prefix}${COMMAND}migration`;
    this.origin = `${prefix}${COMMAND}origin`;
  }

  onServer(stream: StreamName): string {
    return this.prefix + stream;
  }

  claimOf(commandId: CommandId): string {
    return `${this.prefix}${COMMAND}${commandId}`;
  }

  isOurs(serverName: string): boolean {
    return serverName.startsWith(this.prefix);
  }

  /**
   * The log's own name of a stream; undefined for claims, which are no events of the log, and for
   * streams of other applications.
   */
  ofLog(serverName: string): StreamName | undefined {
    if (!this.isOurs(serverName) || serverName.startsWith(COMMAND, this.prefix.length))
      return undefined;
    return streamName(serverName.slice(this.prefix.length));
  }
}
