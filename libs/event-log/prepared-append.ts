import type { CommandId, EventId, StreamName } from '../domain/shared/ids.js';
import { canonicalData, canonicalJson } from './canonical.js';
import { UnfitEvent } from './errors.js';
import type { Append, Guard, LoggedEvent, NewEvent } from './event-log.js';

/**
 * Data and metadata of one event, in bytes of UTF-8. The limits apply on every log, so that each
 * log can be moved to another.
 */
export const MAX_EVENT_BYTES = 512 * 1024;
/** Data and metadata of all events of one append: EventStoreDB accepts 1 MiB for each request. */
export const MAX_APPEND_BYTES = 900 * 1024;
const MAX_NAME_LENGTH = 256;

/** An append that every log accepts, with its stored texts. */
export interface PreparedAppend {
  readonly stream: StreamName;
  readonly expectedRevision: number;
  readonly guards: readonly Guard[];
  readonly commandId: CommandId;
  readonly events: readonly PreparedEvent[];
  readonly bytes: number;
}

export interface PreparedEvent {
  readonly event: NewEvent;
  /** Canonical JSON. */
  readonly data: string;
  readonly metadata: string;
}

/** Checks an append and refuses one that no log accepts, before any of it is written. */
export function prepareAppend({
  stream,
  expectedRevision,
  events,
  guards = [],
}: Append): PreparedAppend {
  const [first] = events;
  if (first === undefined) throw new UnfitEvent(`an append to ${stream} without events`);
  checkStreamName(stream);
  checkRevision(expectedRevision, stream);
  for (const guard of guards) checkRevision(guard.revision, guard.stream);
  checkIndexes(events, first.metadata.commandId);

  const prepared = events.map(prepareEvent);
  const bytes = prepared.reduce((sum, event) => sum + bytesOf(event), 0);
  if (bytes > MAX_APPEND_BYTES)
    throw new UnfitEvent(`an append of ${bytes} bytes to ${stream}; at most ${MAX_APPEND_BYTES}`);
  return {
    stream,
    expectedRevision,
    guards,
    commandId: first.metadata.commandId,
    events: prepared,
    bytes,
  };
}

/** The event as the log returns it after writing. */
export const loggedEvent = (
  { id, type, version, data, metadata }: NewEvent,
  stream: StreamName,
  revision: number,
  position: number,
  recordedAt: string,
): LoggedEvent => ({ position, id, type, version, stream, revision, recordedAt, data, metadata });

/**
 * Whether the log has exactly this append under its command. `recorded`: the command's events at
 * the append's indexes.
 */
export function isRepetition(append: PreparedAppend, recorded: readonly LoggedEvent[]): boolean {
  return (
    recorded.length === append.events.length &&
    append.events.every(({ event }) =>
      recorded.some(
        (known) =>
          known.metadata.index === event.metadata.index &&
          known.id === event.id &&
          known.stream === append.stream,
      ),
    )
  );
}

/** The events of a command at the append's indexes. */
export function atIndexesOf(
  append: PreparedAppend,
  recorded: readonly LoggedEvent[],
): readonly LoggedEvent[] {
  const indexes = new Set(append.events.map(({ event }) => event.metadata.index));
  return recorded.filter(({ metadata }) => indexes.has(metadata.index));
}

function prepareEvent(event: NewEvent): PreparedEvent {
  if (!isUuid(event.id))
    throw new UnfitEvent(`${event.id} is not an event id (a UUID in lower case)`);
  if (event.type === '' || event.type.length > MAX_NAME_LENGTH)
    throw new UnfitEvent(`an event type of ${event.type.length} characters`);
  if (!Number.isSafeInteger(event.version) || event.version < 1)
    throw new UnfitEvent(`${event.type} in version ${event.version}`);

  const prepared = {
    event,
    data: canonicalData(event.data),
    metadata: canonicalJson(event.metadata),
  };
  // A UTF-16 unit has at most three bytes, so the size of most events need not be computed.
  if (
    (prepared.data.length + prepared.metadata.length) * 3 > MAX_EVENT_BYTES &&
    bytesOf(prepared) > MAX_EVENT_BYTES
  ) {
    throw new UnfitEvent(
      `a ${event.type} of ${bytesOf(prepared)} bytes; at most ${MAX_EVENT_BYTES}`,
    );
  }
  return prepared;
}

const bytesOf = ({ data, metadata }: PreparedEvent): number =>
  Buffer.byteLength(data) + Buffer.byteLength(metadata);

/** `command-` streams hold claims, which are not events of the log. */
function checkStreamName(stream: StreamName): void {
  const fit =
    stream !== '' &&
    stream.length <= MAX_NAME_LENGTH &&
    stream.isWellFormed() &&
    !stream.includes('\0');
  if (!fit || stream.startsWith('command-'))
    throw new UnfitEvent(
      `${JSON.stringify(stream)} is not a stream that events can be appended to`,
    );
}

function checkRevision(revision: number, stream: StreamName): void {
  if (!Number.isSafeInteger(revision) || revision < -1)
    throw new UnfitEvent(`${revision} is not a revision of ${stream}`);
}

function checkIndexes(events: readonly NewEvent[], command: CommandId): void {
  if (!isUuid(command))
    throw new UnfitEvent(`${command} is not a command id (a UUID in lower case)`);
  const indexes = new Set<number>();
  for (const { metadata } of events) {
    if (metadata.commandId !== command)
      throw new UnfitEvent(
        `an append must be of one command, not of ${command} and ${metadata.commandId}`,
      );
    if (
      !Number.isSafeInteger(metadata.index) ||
      metadata.index < 0 ||
      indexes.has(metadata.index)
    ) {
      throw new UnfitEvent(
        `index ${metadata.index} is invalid or used twice in command ${command}`,
      );
    }
    indexes.add(metadata.index);
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const isUuid = (id: EventId | CommandId): boolean => UUID.test(id);
