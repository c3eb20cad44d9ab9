import type { StreamName } from '../../../domain/shared/ids.js';
import { currentVersion } from '../../../event-log/catalogue/catalogue.js';
import type { EventMetadata, NewEvent } from '../../../event-log/event-log.js';
import { newEventId } from '../../../event-log/identity.js';
import type { CommandContext } from './command-context.js';

export type RecordedFingerprint = Pick<EventMetadata, 'fingerprint' | 'fingerprintGeneration'>;

/** A proposed event as the log takes it: with its id, its current version and its metadata. */
export function newEvent(
  { type, data }: { readonly type: string; readonly data: unknown },
  command: Pick<
    CommandContext,
    'commandId' | 'actor' | 'correlationId' | 'causationId' | 'traceparent'
  >,
  stream: StreamName,
  /** The event's place among those of its command. */
  index: number,
  fingerprint?: RecordedFingerprint,
): NewEvent {
  const { commandId, actor, correlationId, causationId, traceparent } = command;
  const version = currentVersion(type);
  return {
    id: newEventId({ commandId, index, stream, type, version, data }),
    type,
    version,
    data,
    metadata: {
      commandId,
      index,
      actor,
      correlationId,
      ...(causationId === undefined ? {} : { causationId }),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...fingerprint,
    },
  };
}
