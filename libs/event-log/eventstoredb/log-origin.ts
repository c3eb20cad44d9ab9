import { randomUUID } from 'node:crypto';
import { LogUnavailable } from '../errors.js';
import type { AllPosition } from './log-index.js';
import type { Attempts, UnaryAppends } from './unary-append.js';
import type { ServerReading } from './server-reading.js';
import { wireEvent } from './stored-event.js';
import type { StreamNames } from './stream-names.js';

/** A stored form. */
const LOG_BEGUN = 'LogBegun';

/**
 * Where the log begins in `$all`: at a mark that whoever opens it first writes before anything
 * else. On a server that is full of other applications' events nobody has to look at what lies
 * before, neither to count nor to find the log's end.
 */
export async function logOrigin(
  server: ServerReading,
  appends: UnaryAppends,
  names: StreamNames,
  attempts: Attempts,
): Promise<AllPosition> {
  const mark = await server.lastOf(names.origin);
  if (mark?.position) return mark.position;
  const event = wireEvent(randomUUID(), LOG_BEGUN, '{}', { version: 1 });
  // A conflict: another process was faster, and its mark is the one.
  await appends.untilKnown(
    { stream: names.origin, expectedRevision: -1, events: [event] },
    attempts,
  );
  const written = await server.lastOf(names.origin);
  if (!written?.position)
    throw new LogUnavailable('EventStoreDB does not give back what was written');
  return written.position;
}
