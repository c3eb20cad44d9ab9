import { eventId as asEventId, type CommandId, type EventId } from '../../domain/shared/ids.js';
import { LogUnavailable } from '../errors.js';
import type { EventMetadata, LoggedEvent } from '../event-log.js';
import { renderInstant } from '../recorded-at.js';
import type { Connection } from './connection.js';

/**
 * The columns of an event in the order of all reads. Names are looked up separately: a join costs a
 * quarter of the read.
 */
export const EVENT_COLUMNS =
  'position, hex(event_id), type_id, version, stream_id, revision, recorded_at, data, metadata';

export type EventRow = readonly [
  position: number,
  eventIdHex: string,
  typeId: number,
  version: number,
  streamId: number,
  revision: number,
  recordedAtMs: number,
  data: string,
  metadata: string,
];

export const textLength = (row: EventRow): number => row[7].length + row[8].length;

export function toLoggedEvent(row: EventRow, connection: Connection): LoggedEvent {
  const [position, idHex, typeId, version, streamId, revision, recordedAtMs, data, metadata] = row;
  return {
    position,
    id: asEventId(uuidOf(idHex)),
    type: connection.typeName(typeId),
    version,
    stream: connection.streamName(streamId),
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
    throw new LogUnavailable(
      `the event at position ${position} is damaged: stop the service and restore the last backup`,
      {
        cause: error,
      },
    );
  }
}

export const blobOf = (id: EventId | CommandId): Uint8Array =>
  Buffer.from(id.replaceAll('-', ''), 'hex');

export function uuidOf(upperHex: string): string {
  const hex = upperHex.toLowerCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
