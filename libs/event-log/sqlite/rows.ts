import { commandId as asCommandId, eventId as asEventId, streamName, type CommandId, type EventId } from '../../domain/shared/ids.js';
import { LogUnavailable } from '../errors.js';
import type { EventMetadata, LoggedEvent } from '../event-log.js';
import { renderInstant } from '../recorded-at.js';
import type { Connection } from './connection.js';

/** The columns of an event as the reads below ask for them, in this order. */
export const EVENT_COLUMNS = 'e.position, e.event_id, e.type_id, e.version, s.name, e.revision, e.recorded_at, e.data, e.metadata';
/** CROSS: the events lead, whatever the planner thinks, because the order is theirs. */
export const EVENTS_WITH_STREAMS = 'events e CROSS JOIN streams s ON s.stream_id = e.stream_id';

export type EventRow = readonly [
  position: number,
  eventId: Uint8Array,
  typeId: number,
  version: number,
  stream: string,
  revision: number,
  recordedAtMs: number,
  data: string,
  metadata: string,
];

export const textLength = (row: EventRow): number => row[7].length + row[8].length;

export function toLoggedEvent(row: EventRow, connection: Connection): LoggedEvent {
  const [position, id, typeId, version, stream, revision, recordedAtMs, data, metadata] = row;
  return {
    position,
    id: asEventId(uuidOf(id)),
    type: connection.typeName(typeId),
    version,
    stream: streamName(stream),
    revision,
    recordedAt: renderInstant(recordedAtMs),
    data: parse(data, position),
    // Written by this log from an EventMetadata.
    metadata: parse(metadata, position) as EventMetadata,
  };
}

function parse(text: string, position: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LogUnavailable(`the event at position ${position} is damaged: stop the service and restore the last backup`, {
      cause: error,
    });
  }
}

export const blobOf = (id: EventId | CommandId): Uint8Array => Buffer.from(id.replaceAll('-', ''), 'hex');

export const commandIdOf = (blob: Uint8Array): CommandId => asCommandId(uuidOf(blob));

function uuidOf(blob: Uint8Array): string {
  const hex = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
