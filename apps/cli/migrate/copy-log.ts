import { createHash } from 'node:crypto';
import { canonicalEnvelope } from '../../../libs/event-log/canonical.js';
import type { LoggedEvent, LogReader, Position } from '../../../libs/event-log/event-log.js';
import type { MigrationSource, MigrationTarget } from '../../../libs/event-log/eventstoredb/migration-target.js';

/** Claims do not wait for each other: so many are under way at once. */
const CLAIMS_AT_ONCE = 64;

/** What two logs are compared by. */
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

/** Holds what is in the target against the source, event by event; throws LogsDiffer at the first that is another. */
export async function compareLogs(
  source: LogReader,
  target: MigrationTarget,
  whose: MigrationSource,
  advanced: Advanced,
): Promise<Compared> {
  const digest = createHash('sha256');
  const here = eventsOf(source, -1);
  let events = 0;
  try {
    for await (const there of target.events(whose)) {
      const { value: event } = await here.next();
      const text = canonicalEnvelope(there);
      if (!event || canonicalEnvelope(withoutPosition(event)) !== text) throw new LogsDiffer(events, event?.id, there.id);
      digest.update(`${text}\n`);
      events += 1;
      advanced(1);
    }
  } finally {
    await here.return(undefined);
  }
  return { events, sha256: digest.digest('hex') };
}

/** Copies what lies behind a position, one append after the other: that is what keeps the order. */
export async function copyEvents(source: LogReader, target: MigrationTarget, after: Position, advanced: Advanced): Promise<void> {
  for await (const { events } of source.readAll({ after })) {
    await target.append(events);
    advanced(events.length);
  }
}

/** A claim for every command, so that a key that was used before the migration answers after it. */
export async function writeClaims(source: LogReader, target: MigrationTarget, advanced: Advanced): Promise<void> {
  const firsts = eventsOf(source, -1);
  const lane = async (): Promise<void> => {
    for (let next = await firsts.next(); !next.done; next = await firsts.next()) {
      // Each command's first event names it once.
      if (next.value.metadata.index === 0) await target.claim(next.value);
      advanced(1);
    }
  };
  await Promise.all(Array.from({ length: CLAIMS_AT_ONCE }, lane));
}

async function* eventsOf(source: LogReader, after: Position): AsyncGenerator<LoggedEvent, undefined> {
  for await (const { events } of source.readAll({ after })) yield* events;
  return undefined;
}

const withoutPosition = ({ position: _, ...event }: LoggedEvent): Omit<LoggedEvent, 'position'> => event;
