import { createHash } from 'node:crypto';
import { canonicalEnvelope } from '../../../libs/event-log/canonical.js';
import type { LoggedEvent, LogReader, Position } from '../../../libs/event-log/event-log.js';
import type {
  MigratedClaim,
  MigrationTarget,
} from '../../../libs/event-log/eventstoredb/migration.js';

/** The result of comparing two logs. */
export interface Compared {
  readonly events: number;
  /** SHA-256 of the canonical envelopes, one a line, in the log's order. */
  readonly sha256: string;
}

/** The target has another event than the source at this position. */
export class LogsDiffer extends Error {
  override readonly name = 'LogsDiffer';
  constructor(
    readonly position: Position,
    readonly here: string | undefined,
    readonly there: string,
  ) {
    super(`at position ${position} the source has ${here ?? 'nothing'} and the target ${there}`);
  }
}

type Advanced = (events: number) => void;

/**
 * Compares the target with the source, event by event. Throws LogsDiffer at the first difference.
 */
export async function compareLogs(
  source: LogReader,
  target: MigrationTarget,
  advanced: Advanced,
): Promise<Compared> {
  const digest = createHash('sha256');
  const here = eventsOf(source);
  let events = 0;
  try {
    for await (const page of target.contents()) {
      for (const there of page.events) {
        const { value: event } = await here.next();
        const text = envelopeOf(there);
        if (!event || envelopeOf(event) !== text) throw new LogsDiffer(events, event?.id, there.id);
        digest.update(`${text}\n`);
        events += 1;
      }
      advanced(page.events.length);
    }
  } finally {
    await here.return(undefined);
  }
  return { events, sha256: digest.digest('hex') };
}

/** Copies the events after a position in the log's order, one append at a time. */
export async function copyEvents(
  source: LogReader,
  target: MigrationTarget,
  after: Position,
  advanced: Advanced,
): Promise<void> {
  for await (const { events } of source.readAll({ after })) {
    await target.append(events);
    advanced(events.length);
  }
}

/**
 * Writes a claim for every command, so that an idempotency key of the time before the migration is
 * recognised after it.
 */
export async function writeClaims(
  source: LogReader,
  target: MigrationTarget,
  advanced: Advanced,
): Promise<void> {
  for await (const { events } of source.readAll({ after: -1 })) {
    // Only the first event of each command, so that the command is used once.
    await target.claim(events.filter(({ metadata }) => metadata.index === 0).map(claimOf));
    advanced(events.length);
  }
}

/** The claim that the process of the command would have made before it appended this event. */
function claimOf({ metadata, stream, revision, recordedAt }: LoggedEvent): MigratedClaim {
  const { commandId, fingerprint, fingerprintGeneration } = metadata;
  return {
    commandId,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(fingerprintGeneration === undefined ? {} : { fingerprintGeneration }),
    targetStream: stream,
    revision: revision - 1,
    claimedAt: recordedAt,
  };
}

async function* eventsOf(source: LogReader): AsyncGenerator<LoggedEvent, undefined> {
  for await (const { events } of source.readAll({ after: -1 })) yield* events;
  return undefined;
}

const envelopeOf = ({ position: _, ...event }: LoggedEvent): string => canonicalEnvelope(event);
