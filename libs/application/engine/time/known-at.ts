import type { EventLog, Position } from '../../../event-log/event-log.js';

/** A `knownAt` that is neither a position nor an instant. */
export class MalformedKnownAt extends Error {
  override readonly name = 'MalformedKnownAt';
}

/** A position that the log has not reached. */
export class PositionAheadOfLog extends Error {
  override readonly name = 'PositionAheadOfLog';
  constructor(
    readonly asked: string,
    readonly head: Position,
  ) {
    super(`the log ends at position ${head}, before ${asked}`);
  }
}

const POSITION = /^(0|[1-9]\d{0,15})$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

/**
 * The position up to which the log was known: a position (digits, inclusive), or an instant (RFC
 * 3339, UTC), for which it is the last position recorded up to then. The default is the head, as it
 * is now or as the caller has just read it.
 */
export async function resolveKnownAt(
  log: EventLog,
  knownAt: string | undefined,
  headSeen?: Position,
): Promise<Position> {
  const head = headSeen ?? (await log.head());
  if (knownAt === undefined) return head;
  if (POSITION.test(knownAt)) {
    const position = Number(knownAt);
    if (position > head) throw new PositionAheadOfLog(knownAt, head);
    return position;
  }
  if (!INSTANT.test(knownAt) || Number.isNaN(Date.parse(knownAt))) {
    throw new MalformedKnownAt(
      'knownAt is a position (digits) or an instant such as 2026-11-22T09:30:00Z',
    );
  }
  return log.positionAt(knownAt);
}
