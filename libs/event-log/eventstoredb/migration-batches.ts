import { canonicalData } from '../canonical.js';
import type { LoggedEvent } from '../event-log.js';
import { MAX_APPEND_BYTES } from '../prepared-append.js';
import { wireEvent, storedMetadata } from './stored-event.js';
import type { WireEvent } from './unary-call.js';

const EVENTS_AN_APPEND = 500;
/** Of an event beside its data. */
const ENVELOPE_BYTES = 1_024;
/** What every repetition of a migrated append finds as its first writer. */
const WRITER = 'migration';

export interface MigrationBatch {
  readonly first: LoggedEvent;
  readonly events: WireEvent[];
}

/**
 * One append each, in order: events of one stream that follow each other, as many as an append may
 * carry.
 */
export function* migrationBatches(events: readonly LoggedEvent[]): Iterable<MigrationBatch> {
  let batch: MigrationBatch | undefined;
  let last: LoggedEvent | undefined;
  let bytes = 0;
  for (const event of events) {
    const own = Buffer.byteLength(canonicalData(event.data)) + ENVELOPE_BYTES;
    const follows = last?.stream === event.stream && last.revision + 1 === event.revision;
    if (
      !batch ||
      !follows ||
      batch.events.length === EVENTS_AN_APPEND ||
      bytes + own > MAX_APPEND_BYTES
    ) {
      if (batch) yield batch;
      batch = { first: event, events: [] };
      bytes = 0;
    }
    batch.events.push(migrated(event));
    bytes += own;
    last = event;
  }
  if (batch) yield batch;
}

const migrated = ({ id, type, version, data, metadata, recordedAt }: LoggedEvent): WireEvent =>
  wireEvent(id, type, canonicalData(data), storedMetadata(metadata, recordedAt, version, WRITER));
